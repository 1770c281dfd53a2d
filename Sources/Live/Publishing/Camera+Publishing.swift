internal import Analytics
internal import Configuration
internal import Pipeline
internal import Publishing

extension EventPublisher {
    /// Creates the publisher of a run's cameras; nil when the description publishes nothing.
    convenience init?(
        _ description: LiveDescription, cameras: [Camera], environment: [String: String],
        console: Console
    ) throws(RunError) {
        let access = CameraAccess(
            counts: { cameras.map { CameraCounting($0.status) } },
            requestClip: { name in
                let camera = cameras.first { $0.description.name == name }
                _ = camera?.recorder?.requestClip()
            })
        try self.init(
            description, cameras: cameras.map(\.published), access: access,
            environment: environment, console: console)
    }
}

extension Camera {
    /// The camera as brokers know it.
    fileprivate var published: PublishedCamera {
        let chosen = description.objects.classes
        let classes = chosen.isEmpty ? context.classNames : chosen
        let zones = description.zones.map {
            PublishedCamera.Place(
                name: $0.name, label: $0.label ?? $0.name,
                classes: $0.classes.isEmpty ? classes : $0.classes)
        }
        let lines = description.lines.map { line in
            PublishedCamera.Place(
                name: line.name, label: line.label ?? line.name,
                directions: Direction.allCases.map { line.names[$0] ?? $0.rawValue },
                classes: line.classes.isEmpty ? classes : line.classes)
        }
        return PublishedCamera(
            name: description.name, classes: classes, zones: zones, lines: lines,
            makesClips: recorder != nil)
    }
}

extension CameraCounting {
    /// Age in seconds above which the newest frame is stale.
    private static let staleAge = 10.0

    /// Counts of a camera's status.
    init(_ status: CameraStatus) {
        let isStale = (status.age ?? 0) > Self.staleAge
        let counting = status.counting
        self.init(
            status: status.state == .watching ? (isStale ? .stale : .online) : .offline,
            objects: status.objectsByClass, zones: counting.zones.map(\.inside),
            lines: counting.lines.map { line in
                Dictionary(
                    line.counts.map { (line.directions[$0.key] ?? $0.key.rawValue, $0.value) },
                    uniquingKeysWith: { $1 })
            })
    }
}
