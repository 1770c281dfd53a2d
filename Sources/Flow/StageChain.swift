/// Chain of stages, each on its own thread, joined by channels.
///
/// A stage ends by returning or throwing. Its ends of the channels are then destroyed: downstream stages drain and
/// finish, upstream stages get their element back and return. The first failure is the one reported. The error is
/// stored before the failing stage's ends are destroyed, so that no failure it causes elsewhere is stored first.
public final class StageChain: Sendable {
    private let workers = Lock<[Worker<Void, Never>]>([])
    private let firstFailure = FirstFailure()

    /// Creates a chain without stages.
    public init() {}

    /// Starts a stage that only sends.
    ///
    /// - Throws: ``WorkerError`` when the system refuses another thread; the end is destroyed then.
    public func source<Output: ~Copyable & Sendable>(
        _ name: String, stackSize: Int = defaultStackSize,
        into sender: consuming Sender<Output>,
        body: @escaping @Sendable (inout Sender<Output>) throws -> Void
    ) throws(WorkerError) {
        let output = TransferBox(sender)
        try start(name, stackSize: stackSize) { failure in
            var sender = output.take()
            failure.keep(stage: name) { try body(&sender) }
        }
    }

    /// Starts a stage that receives and sends.
    ///
    /// - Throws: ``WorkerError`` when the system refuses another thread; both ends are destroyed
    ///   then.
    public func stage<Input: ~Copyable & Sendable, Output: ~Copyable & Sendable>(
        _ name: String, stackSize: Int = defaultStackSize,
        from receiver: consuming Receiver<Input>, into sender: consuming Sender<Output>,
        body: @escaping @Sendable (inout Receiver<Input>, inout Sender<Output>) throws -> Void
    ) throws(WorkerError) {
        let input = TransferBox(receiver)
        let output = TransferBox(sender)
        try start(name, stackSize: stackSize) { failure in
            var receiver = input.take()
            var sender = output.take()
            failure.keep(stage: name) { try body(&receiver, &sender) }
        }
    }

    /// Starts a stage that only receives.
    ///
    /// - Throws: ``WorkerError`` when the system refuses another thread; the end is destroyed then.
    public func sink<Input: ~Copyable & Sendable>(
        _ name: String, stackSize: Int = defaultStackSize,
        from receiver: consuming Receiver<Input>,
        body: @escaping @Sendable (inout Receiver<Input>) throws -> Void
    ) throws(WorkerError) {
        let input = TransferBox(receiver)
        try start(name, stackSize: stackSize) { failure in
            var receiver = input.take()
            failure.keep(stage: name) { try body(&receiver) }
        }
    }

    /// Blocks until every stage has ended.
    ///
    /// - Throws: The first failure of any stage.
    public func join() throws(StageFailure) {
        for worker in takeWorkers() { worker.join() }
        if let failure = firstFailure.value { throw failure }
    }

    private func takeWorkers() -> [Worker<Void, Never>] {
        workers.withLock { workers in
            defer { workers = [] }
            return workers
        }
    }

    private func start(
        _ name: String, stackSize: Int, body: @escaping @Sendable (FirstFailure) -> Void
    ) throws(WorkerError) {
        let failure = firstFailure
        let worker = try Worker<Void, Never>(name: name, stackSize: stackSize) { body(failure) }
        workers.withLock { $0.append(worker) }
    }
}

/// Failure of a stage.
public struct StageFailure: Error, CustomStringConvertible {
    /// Name of the stage.
    public let stage: String
    /// Underlying error.
    public let cause: any Error

    /// Creates a failure.
    ///
    /// A stage that throws one itself has it passed on unchanged.
    public init(stage: String, cause: any Error) {
        self.stage = stage
        self.cause = cause
    }

    /// Stage and cause in one line.
    public var description: String { "\(stage): \(cause)" }
}

/// First failure of all threads.
private final class FirstFailure: Sendable {
    private let failure = Lock<StageFailure?>(nil)

    var value: StageFailure? { failure.withLock { $0 } }

    /// Runs a stage's body and keeps the error it throws, unless another stage failed before.
    func keep(stage: String, _ body: () throws -> Void) {
        do {
            try body()
        } catch {
            let failed = error as? StageFailure ?? StageFailure(stage: stage, cause: error)
            failure.withLock { first in first = first ?? failed }
        }
    }
}
