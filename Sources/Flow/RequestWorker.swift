import Synchronization

/// A thread that answers requests one after another, in the order in which they were sent.
///
/// The thread owns a state that only it touches, such as a detector. Requests travel in through one
/// ``Channel`` and responses out through another; both wait when they are full. One thread sends
/// and receives. Releasing the worker closes both channels and joins the thread.
public final class RequestWorker<
    Request: ~Copyable & Sendable, Response: ~Copyable & Sendable
> {
    private var requests: Sender<Request>?
    private var responses: Receiver<Response>?
    private var thread: Worker<Void, any Error>?
    private let unanswered = Counter()

    /// A number that both threads change.
    private final class Counter: Sendable {
        let value = Atomic(0)
    }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: Shown by debuggers and `top -H`; Linux keeps the first 15 bytes.
    ///   - capacity: Requests, and responses, that may wait; a power of two.
    ///   - prepare: Makes the state, on the new thread. An error ends the thread and is rethrown by ``receive()``.
    ///   - respond: Answers one request, on the new thread.
    /// - Throws: ``WorkerError`` when the system refuses another thread.
    public init<State: ~Copyable>(
        name: String, capacity: Int, prepare: @escaping @Sendable () throws -> State,
        respond: @escaping @Sendable (inout State, consuming Request) throws -> Response
    ) throws(WorkerError) {
        let inbound = Channel<Request>(.everyFrame, capacity: capacity)
        let outbound = Channel<Response>(.everyFrame, capacity: capacity)
        let input = TransferBox(inbound.receiver)
        let output = TransferBox(outbound.sender)
        let unanswered = unanswered
        requests = .some(inbound.sender)
        responses = .some(outbound.receiver)
        thread = try Worker<Void, any Error>(name: name) { () throws(any Error) in
            var receiver = input.take()
            var sender = output.take()
            var state = try prepare()
            while let request = receiver.receive() {
                let response = try respond(&state, request)
                unanswered.value.subtract(1, ordering: .relaxed)
                if case .closed = sender.send(response) { return }
            }
        }
    }

    /// The thread is joined last: it may be waiting at either channel.
    deinit {
        requests = nil
        responses = nil
        thread = nil
    }

    /// Number of requests sent and not yet answered by the thread.
    public var load: Int { unanswered.value.load(ordering: .relaxed) }

    /// Sends a request, as soon as there is room.
    ///
    /// After a failure of the thread the request is destroyed, and ``receive()`` throws.
    public func send(_ request: consuming Request) {
        unanswered.value.add(1, ordering: .relaxed)
        _ = requests?.send(request)
    }

    /// Waits for the response to the oldest request.
    ///
    /// - Throws: The error that ended the thread.
    public func receive() throws -> Response {
        if let response = responses?.receive() { return response }
        try thread?.join()
        preconditionFailure("a worker ended before its requests did")
    }
}
