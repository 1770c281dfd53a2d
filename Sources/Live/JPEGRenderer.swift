internal import Foundation
internal import Overlay
internal import Pipeline
internal import Scene
internal import Video

/// Draws objects on frames of one camera and encodes them as JPEG, for the page and for snapshots.
final class JPEGRenderer {
    private var overlay: OverlayRenderer
    private var encoder: JPEGEncoder

    /// Creates a renderer of images that are at most `widthLimit` pixels wide.
    ///
    /// - Throws: A `RunError` when the font cannot be used.
    init(_ context: DetectionContext, widthLimit: Int) throws(RunError) {
        overlay = try context.makeOverlay()
        encoder = JPEGEncoder(widthLimit: widthLimit)
    }

    /// Draws on the frame itself and returns a JPEG file.
    func jpeg(
        of frame: consuming Frame, with objects: [TrackedObject], shapes: [OverlayShape] = []
    ) throws(VideoError) -> [UInt8] {
        try frame.withMutablePicture { overlay.draw(objects, on: &$0, shapes: shapes) }
        return try encoder.encode(frame)
    }
}
