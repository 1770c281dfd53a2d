internal import Configuration
internal import Pipeline

/// Detection contexts of cameras; each model is loaded once, for all cameras that use it.
struct ModelCache {
    private var loaded: [String: DetectionContext] = [:]

    mutating func context(
        of camera: CameraDescription, overlay: OverlayDescription
    ) throws(RunError) -> DetectionContext {
        var description = DetectDescription()
        description.model = camera.model
        description.model.threads = 1
        description.objects = camera.objects
        description.zones = camera.zones
        description.lines = camera.lines
        description.tracking = camera.tracking
        description.overlay = overlay
        let context = try DetectionContext(description, model: loaded[camera.model.name]?.model)
        loaded[camera.model.name] = context
        return context
    }
}
