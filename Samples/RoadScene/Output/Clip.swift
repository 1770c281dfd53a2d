import Foundation

/// Parameters of a clip.
struct ClipSettings {
    var daylight = Daylight.day
    var seed: UInt64 = 7
    var seconds = 10.0
    var width = 640
    var height = 360
    var samples = 2

    /// Number of frames at 30000/1001 frames per second.
    var frames: Int { max(1, Int((seconds * 30000 / 1001).rounded(.up))) }
}

/// Generator of a clip's frames with their ground truth.
struct Clip {
    /// One frame of a clip.
    struct Frame {
        /// Packed 8-bit RGB, row by row.
        var rgb: [UInt8]
        var truth: [TruthBox]
        /// Speed of the camera's car in metres per second.
        var speed: Float
    }

    private let settings: ClipSettings
    private var traffic: Traffic
    private let scenery: [Body]
    private let shapes = Shapes()
    private var renderer: Renderer
    private let sensor: SensorModel
    private var number = 0

    init(_ settings: ClipSettings) {
        self.settings = settings
        traffic = Scenario.begin(seed: settings.seed, daylight: settings.daylight)
        scenery = Scenery.make(from: -12, to: 330, road: traffic.road, seed: settings.seed)
        renderer = Renderer(
            width: settings.width, height: settings.height, samples: settings.samples,
            daylight: settings.daylight)
        sensor = SensorModel(
            width: settings.width, height: settings.height,
            noise: settings.daylight == .day ? 1.2 : 1.8,
            exposure: settings.daylight == .day ? 1 : 1.35)
    }

    /// State of the traffic for the next frame.
    var now: Traffic { traffic }

    /// Renders the next frame and advances the time.
    mutating func next() -> Frame {
        let snapshot = Snapshot(
            traffic, shapes: shapes, scenery: scenery, width: settings.width * settings.samples,
            height: settings.height * settings.samples)
        let result = renderer.draw(snapshot)
        let frame = Frame(
            rgb: sensor.encode(result.colors, seed: settings.seed &* 0x9E3B &+ UInt64(number)),
            truth: result.truth, speed: traffic.drivers[0].speed)
        skip()
        return frame
    }

    /// Advances the time by one frame without rendering.
    mutating func skip() {
        // Four simulation steps per frame keep the motion smooth.
        for _ in 0..<4 { traffic.advance(by: 1001 / 30000 / 4) }
        number += 1
    }
}
