internal import Flow
internal import Foundation
internal import Glibc
internal import Pipeline

/// Rates, ages and load of the last hours, for the charts of the page.
final class LoadHistory: Sendable {
    /// Seconds between two samples.
    static let interval = 30
    /// Samples kept: four hours.
    static let limit = 480

    private struct Sample: Sendable {
        var time: Int
        /// Processor cores in use since the sample before.
        var load: Double
        var detections: [Double]
        /// Seconds; nil while a camera sends nothing.
        var ages: [Double?]
    }

    private struct State: Sendable {
        var samples: [Sample] = []
        var last = (processor: 0.0, uptime: 0.0)
    }

    private let names: [String]
    private let state = Lock(State())

    /// An empty history of cameras.
    init(cameras: [String]) { names = cameras }

    /// Adds a sample of the cameras' statuses.
    func add(_ statuses: [CameraStatus]) {
        let processor = Double(clock()) / Double(CLOCKS_PER_SEC)
        let uptime = ProcessInfo.processInfo.systemUptime
        state.withLock { state in
            let seconds = uptime - state.last.uptime
            let load = seconds > 0 ? (processor - state.last.processor) / seconds : 0
            state.last = (processor, uptime)
            state.samples.append(
                Sample(
                    time: Int(Date().timeIntervalSince1970 * 1000), load: load,
                    detections: statuses.map(\.detectRate),
                    ages: statuses.map { $0.state == .watching ? $0.age : nil }))
            if state.samples.count > Self.limit { state.samples.removeFirst() }
        }
    }

    /// Times in milliseconds since 1970, and a value of each series for each time; null in gaps.
    var json: String {
        let samples = state.withLock { $0.samples }
        return JSONObject { all in
            all.add("times", array: samples.map { String($0.time) })
            all.add("load", array: samples.map { Self.text($0.load) })
            all.add(
                "cameras",
                JSONObject { cameras in
                    for (index, name) in names.enumerated() {
                        cameras.add(name, Self.camera(index, samples))
                    }
                })
        }.text
    }

    private static func camera(_ index: Int, _ samples: [Sample]) -> JSONObject {
        JSONObject {
            $0.add("detections", array: samples.map { text($0.detections[index]) })
            $0.add("ages", array: samples.map { text($0.ages[index]) })
        }
    }

    private static func text(_ value: Double?) -> String {
        value.map { DecimalText.text($0, decimals: 3) } ?? "null"
    }
}
