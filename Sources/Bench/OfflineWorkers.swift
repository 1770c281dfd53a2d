internal import Flow
internal import Pipeline

/// Detectors side by side, each on a thread of its own, that share a pile of pictures.
final class OfflineWorkers {
    private let members: [Member]

    /// What one pile of pictures took.
    struct Turn {
        /// Of each picture, from the start of the work on it to its answer; those of several detectors interleaved,
        /// so that they follow the clock.
        let milliseconds: [Double]
        /// From the first picture's start to the last one's answer.
        let seconds: Double

        /// Pictures a second.
        var callsPerSecond: Double { seconds > 0 ? Double(milliseconds.count) / seconds : 0 }
    }

    /// One detector: numbers of pictures go in, and times come out when they are done.
    private final class Member {
        private var orders: Sender<Range<Int>>?
        private var done: Receiver<[Double]>?
        private var worker: Worker<Void, any Error>?

        init(
            _ settings: DetectionContext, threads: Int, _ frames: LoadedFrames,
            _ recorder: StageRecorder
        ) throws {
            let inward = Channel<Range<Int>>(.everyFrame, capacity: 1)
            let outward = Channel<[Double]>(.everyFrame, capacity: 1)
            let input = TransferBox(inward.receiver)
            let output = TransferBox(outward.sender)
            orders = .some(inward.sender)
            done = .some(outward.receiver)
            worker = try Worker<Void, any Error>(name: "offline") { () throws(any Error) in
                var receiver = input.take()
                var sender = output.take()
                var detector = try FrameDetector(settings, threads: threads)
                while let range = receiver.receive() {
                    let times = range.map { index in
                        let start = MonotonicClock.system.now
                        frames.look(with: &detector, at: index, recorder)
                        return Double(MonotonicClock.system.now - start) / 1e6
                    }
                    if case .closed = sender.send(times) { return }
                }
            }
        }

        deinit {
            orders = nil
            done = nil
            worker = nil
        }

        func send(_ range: Range<Int>) { _ = orders?.send(range) }

        func wait() throws -> [Double] {
            if let times = done?.receive() { return times }
            try worker?.join()
            throw RunError(.failed, "A detector ended before its pictures did.")
        }
    }

    init(_ settings: DetectionContext, _ frames: LoadedFrames, _ recorder: StageRecorder) throws {
        let threads = settings.detectorThreads
        members = try (0..<threads.detectors).map { _ in
            try Member(settings, threads: threads.each, frames, recorder)
        }
    }

    /// Looks at `count` pictures, shared evenly, and returns when all are done.
    @discardableResult
    func run(count: Int) throws -> Turn {
        let begun = MonotonicClock.system.now
        for (place, member) in members.enumerated() {
            let start = count * place / members.count
            member.send(start..<count * (place + 1) / members.count)
        }
        let times = try members.map { try $0.wait() }
        let seconds = Double(MonotonicClock.system.now - begun) / 1e9
        let longest = times.map(\.count).max() ?? 0
        let inOrder = (0..<longest).flatMap { place in
            times.compactMap { place < $0.count ? $0[place] : nil }
        }
        return Turn(milliseconds: inOrder, seconds: seconds)
    }
}
