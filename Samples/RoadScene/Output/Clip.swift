import Foundation

/// What a clip is made from.
struct ClipSettings {
    var daylight = Daylight.day
    var seed: UInt64 = 7
    var seconds = 10.0
    var width = 640
    var height = 360
    var samples = 2

    /// Frames at 30000/1001 a second.
    var frames: Int { max(1, Int((seconds * 30000 / 1001).rounded(.up))) }
}

/// The frames of a clip one after the other, with what is seen in them.
struct Clip {
    /// One frame.
    struct Frame {
        /// 8-bit RGB, row by row.
        var rgb: [UInt8]
        var truth: [TruthBox]
        /// Metres a second of the camera's car.
        var speed: Float
    }

    private let settings: ClipSettings
    private var traffic: Traffic
    private let scenery: [Body]
    private let shapes = Shapes()
    private var renderer: Renderer
    private let film: Film
    private var number = 0

    init(_ settings: ClipSettings) {
        self.settings = settings
        traffic = Story.begin(seed: settings.seed, daylight: settings.daylight)
        scenery = Scenery.make(from: -12, to: 330, road: traffic.road, seed: settings.seed)
        renderer = Renderer(
            width: settings.width, height: settings.height, samples: settings.samples,
            daylight: settings.daylight)
        film = Film(
            width: settings.width, height: settings.height,
            noise: settings.daylight == .day ? 1.2 : 1.8,
            exposure: settings.daylight == .day ? 1 : 1.35)
    }

    /// Who drives and walks at the moment of the next frame.
    var now: Traffic { traffic }

    /// Draws the next frame and moves on.
    mutating func next() -> Frame {
        let moment = Moment(
            traffic, shapes: shapes, scenery: scenery, width: settings.width * settings.samples,
            height: settings.height * settings.samples)
        let result = renderer.draw(moment)
        let frame = Frame(
            rgb: film.develop(result.colors, seed: settings.seed &* 0x9E3B &+ UInt64(number)),
            truth: result.truth, speed: traffic.drivers[0].speed)
        skip()
        return frame
    }

    /// Moves on without drawing.
    mutating func skip() {
        // Four steps a frame keep the motion smooth.
        for _ in 0..<4 { traffic.advance(by: 1001 / 30000 / 4) }
        number += 1
    }
}
