internal import Flow
internal import Foundation
internal import Overlay
internal import Pipeline
internal import Scene
internal import Video

/// Frame with its tracked objects, on its way to be drawn for the page.
struct PreviewFrame: ~Copyable, Sendable {
    var frame: Frame
    let objects: [TrackedObject]
    /// Zones and lines with their counts.
    var shapes: [OverlayShape] = []
}

/// Draws and encodes frames for the page, on its own thread.
struct PreviewRenderer: ~Copyable {
    private let cameras: [Camera]
    private let scheduler: FairScheduler<PreviewFrame>
    private let renderers: [JPEGRenderer]

    /// Creates one renderer per camera.
    ///
    /// - Throws: A `RunError` when the font cannot be used.
    init(_ cameras: [Camera], scheduler: FairScheduler<PreviewFrame>) throws(RunError) {
        self.cameras = cameras
        self.scheduler = scheduler
        var renderers: [JPEGRenderer] = []
        for camera in cameras {
            renderers.append(try JPEGRenderer(camera.context, widthLimit: 960))
        }
        self.renderers = renderers
    }

    /// Renders until the scheduler is closed.
    func run() {
        while let taken = scheduler.take(0) {
            let (camera, renderer) = (cameras[taken.source], renderers[taken.source])
            let arrival = taken.element.frame.arrival
            // A frame that cannot be drawn is skipped; the next one may succeed.
            guard let jpeg = try? renderer.jpeg(of: taken.element) else { continue }
            camera.preview.show(Data(jpeg), arrival: arrival)
        }
    }
}

extension JPEGRenderer {
    fileprivate func jpeg(of preview: consuming PreviewFrame) throws(VideoError) -> [UInt8] {
        let (objects, shapes) = (preview.objects, preview.shapes)
        return try jpeg(of: preview.frame, with: objects, shapes: shapes)
    }
}
