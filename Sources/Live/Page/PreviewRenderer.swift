internal import Flow
internal import Foundation
internal import Overlay
internal import Pipeline
internal import Video

/// Draws and encodes pictures for the page, on a thread of its own.
struct PreviewRenderer: ~Copyable {
    /// The tools for one camera.
    final class Easel {
        var overlay: OverlayRenderer
        var encoder = JPEGEncoder(widthLimit: 960)

        init(_ settings: DetectionContext) throws(RunError) { overlay = try settings.makeOverlay() }

        func jpeg(of canvas: consuming Canvas) throws(VideoError) -> [UInt8] {
            let objects = canvas.objects
            var frame = canvas.frame
            try frame.withMutablePicture { overlay.draw(objects, on: &$0) }
            return try encoder.encode(frame)
        }
    }

    private let cameras: [Camera]
    private let board: FairScheduler<Canvas>
    private let easels: [Easel]

    init(_ easels: [Easel], _ cameras: [Camera], board: FairScheduler<Canvas>) {
        self.easels = easels
        self.cameras = cameras
        self.board = board
    }

    /// One easel a camera.
    ///
    /// - Throws: A `RunError` when the font cannot be used.
    static func easels(_ cameras: [Camera]) throws(RunError) -> [Easel] {
        var easels: [Easel] = []
        for camera in cameras { easels.append(try Easel(camera.settings)) }
        return easels
    }

    /// Paints until the board is closed.
    func run() {
        while let taken = board.take(0) {
            let camera = cameras[taken.seat]
            let arrival = taken.element.frame.arrival
            let easel = easels[taken.seat]
            // A picture that cannot be drawn is not shown; the next one may be.
            guard let jpeg = try? easel.jpeg(of: taken.element) else { continue }
            camera.display.show(Data(jpeg), arrival: arrival)
        }
    }
}
