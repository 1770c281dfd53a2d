import Scene

/// Tracker that has followed one object at rest for one second, at 10 frames per second.
func settled(
    _ box: Box = .around(640, 360, 100, 80), options: TrackerOptions = TrackerOptions()
) -> Tracker {
    var tracker = Tracker(options: options)
    for frame in 0...10 { step(&tracker, at: Double(frame) / 10, [detection(box)]) }
    return tracker
}

func detection(_ box: Box, score: Float = 0.7, classIndex: Int = 0) -> Detection {
    Detection(classIndex: classIndex, score: score, box: box)
}

func step(
    _ tracker: inout Tracker, at seconds: Double, _ detections: [Detection],
    mayStartTracks: Bool = true
) {
    tracker.update(
        detections, at: seconds, frameWidth: 1280, frameHeight: 720,
        mayStartTracks: mayStartTracks)
}
