import Foundation

@testable import Video

/// Records all events until a camera has delivered a number of frames.
struct CameraWatch {
    struct Connected {
        let outage: CameraReader.Outage
        let at: Double
    }

    private(set) var connections: [Connected] = []
    private(set) var losses: [CameraReader.Loss] = []
    private(set) var seconds: [Double] = []
    private(set) var arrivals: [Double] = []
    private(set) var wallClocks: [Double?] = []
    private(set) var damaged: [Bool] = []
    private(set) var sizes: [Int] = []
    private(set) var report = ReadReport()
    /// Longest time in seconds between two delivered frames.
    private(set) var longestWait = 0.0

    init(
        _ source: String, _ options: ReaderOptions, frames: Int,
        onFrame: (Int) -> Void = { _ in }
    ) throws {
        let end = ProcessInfo.processInfo.systemUptime + 45
        var reader = CameraReader(source, options: options) {
            ProcessInfo.processInfo.systemUptime > end
        }
        var last: Double?
        while seconds.count < frames {
            switch try reader.next() {
            case .connected(_, let outage):
                connections.append(
                    Connected(outage: outage, at: ProcessInfo.processInfo.systemUptime))
            case .lost(let loss): losses.append(loss)
            case .item(.packet): break
            case .item(.frame(let frame)):
                let now = ProcessInfo.processInfo.systemUptime
                longestWait = max(longestWait, now - (last ?? now))
                last = now
                seconds.append(frame.timestamp.seconds)
                arrivals.append(Double(frame.arrival) / 1e9)
                wallClocks.append(frame.wallClock)
                damaged.append(frame.isDamaged)
                sizes.append(frame.width)
                onFrame(seconds.count)
            }
        }
        report = reader.report
    }

    /// Intervals between frame timestamps, in seconds.
    var steps: [Double] { zip(seconds, seconds.dropFirst()).map { $1 - $0 } }
}
