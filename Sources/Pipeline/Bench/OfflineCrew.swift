internal import Flow

/// Detectors side by side, each on a thread of its own, that share a pile of pictures.
struct OfflineCrew: ~Copyable {
    private let members: [Member]

    /// One detector: numbers of pictures go in, and come out when they are done.
    private final class Member {
        private var orders: Sender<Range<Int>>?
        private var done: Receiver<Range<Int>>?
        private var worker: Worker<Void, any Error>?

        init(
            _ settings: AnalyseSettings, threads: Int, _ frames: HeldFrames,
            _ recorder: StageRecorder
        ) throws {
            let inward = Channel<Range<Int>>(.everyFrame, capacity: 1)
            let outward = Channel<Range<Int>>(.everyFrame, capacity: 1)
            let input = Handoff(inward.receiver)
            let output = Handoff(outward.sender)
            orders = .some(inward.sender)
            done = .some(outward.receiver)
            worker = try Worker<Void, any Error>(name: "offline") { () throws(any Error) in
                var receiver = input.take()
                var sender = output.take()
                var looker = try Looker(settings, threads: threads)
                while let range = receiver.receive() {
                    for index in range { frames.look(with: &looker, at: index, recorder) }
                    if case .closed = sender.send(range) { return }
                }
            }
        }

        deinit {
            orders = nil
            done = nil
            worker = nil
        }

        func send(_ range: Range<Int>) { _ = orders?.send(range) }

        func wait() throws {
            guard done?.receive() == nil else { return }
            try worker?.join()
            throw RunError(.failed, "A detector ended before its pictures did.")
        }
    }

    init(_ settings: AnalyseSettings, _ frames: HeldFrames, _ recorder: StageRecorder) throws {
        let threads = settings.detectorThreads
        members = try (0..<threads.detectors).map { _ in
            try Member(settings, threads: threads.each, frames, recorder)
        }
    }

    /// Looks at `count` pictures, shared evenly, and returns when all are done.
    func run(count: Int) throws {
        for (place, member) in members.enumerated() {
            let start = count * place / members.count
            member.send(start..<count * (place + 1) / members.count)
        }
        for member in members { try member.wait() }
    }
}
