/// Channel from one thread to one other that waits where a ``Ring`` or ``Slot`` would refuse.
///
/// There is no close call. Dropping the sender means that no more elements come: the receiver gets
/// those under way, then nil. Dropping the receiver means stop: the sender gets its element back.
/// End, cancellation and failure look alike.
@frozen
public struct Channel<Element: ~Copyable & Sendable>: ~Copyable {
    /// End that sends elements.
    public var sender: Sender<Element>
    /// End that receives elements.
    public var receiver: Receiver<Element>

    /// Creates a channel.
    ///
    /// - Parameters:
    ///   - policy: Behaviour when the receiver is slower.
    ///   - capacity: Number of elements that may wait under ``BackPressure/everyFrame``, a power of
    ///     two. Under ``BackPressure/latest`` one element waits, whatever the capacity.
    ///   - spins: Number of times that each end checks before it sleeps.
    public init(_ policy: BackPressure, capacity: Int, spins: Int = Parker.usualSpins) {
        let waiters = Waiters(spins: spins)
        switch policy {
        case .everyFrame:
            let ring = Ring<Element>(capacity: capacity)
            sender = Sender(end: .everyFrame(ring.producer), waiters: waiters)
            receiver = Receiver(end: .everyFrame(ring.consumer), waiters: waiters)
        case .latest:
            let slot = Slot<Element>()
            sender = Sender(end: .latest(slot.writer), waiters: waiters)
            receiver = Receiver(end: .latest(slot.reader), waiters: waiters)
        }
    }
}

/// Sending end of a ``Channel``; destroying it tells the receiver that no more elements will come.
public struct Sender<Element: ~Copyable & Sendable>: ~Copyable, Sendable {
    private var end: SendingEnd<Element>
    private let waiters: Waiters

    init(end: consuming SendingEnd<Element>, waiters: Waiters) {
        self.end = end
        self.waiters = waiters
    }

    deinit {
        end.close()
        waiters.notEmpty.wake()
    }

    /// True once the receiver is gone.
    public var isClosed: Bool { end.isClosed }

    /// Sends an element; under ``BackPressure/everyFrame`` it waits for room.
    public mutating func send(_ element: consuming Element) -> SendOutcome<Element> {
        waiters.notFull.wait { end.isReady() }
        let outcome = end.send(element)
        waiters.notEmpty.wake()
        return outcome
    }
}

/// Receiving end of a ``Channel``; destroying it tells the sender to stop.
public struct Receiver<Element: ~Copyable & Sendable>: ~Copyable, Sendable {
    private var end: ReceivingEnd<Element>
    private let waiters: Waiters

    init(end: consuming ReceivingEnd<Element>, waiters: Waiters) {
        self.end = end
        self.waiters = waiters
    }

    deinit {
        end.close()
        waiters.notFull.wake()
    }

    /// Waits for an element; nil when the sender is gone and every element was received.
    public mutating func receive() -> Element? {
        switch receive(deadline: nil) {
        case .element(let element): element
        case .empty: nil
        case .closed: nil
        }
    }

    /// Waits for an element until a deadline in nanoseconds of ``MonotonicClock/system``.
    ///
    /// Returns `.empty` only when the deadline has passed; nil means no deadline.
    public mutating func receive(deadline: UInt64?) -> PopOutcome<Element> {
        waiters.notEmpty.wait(deadline: deadline) { end.isReady() }
        let outcome = end.take()
        waiters.notFull.wake()
        return outcome
    }
}

/// Wait conditions of the two ends of a channel.
final class Waiters: Sendable {
    /// The receiver waits here for an element or the end of the sender.
    let notEmpty: Parker
    /// The sender waits here for room or the end of the receiver.
    let notFull: Parker

    init(spins: Int) {
        notEmpty = Parker(spins: spins)
        notFull = Parker(spins: spins)
    }
}

/// Writing end of a ring or slot.
enum SendingEnd<Element: ~Copyable & Sendable>: ~Copyable, Sendable {
    case everyFrame(Producer<Element>)
    case latest(SlotWriter<Element>)

    var isClosed: Bool {
        switch self {
        case .everyFrame(let producer): producer.isClosed
        case .latest(let writer): writer.isClosed
        }
    }

    func close() {
        switch self {
        case .everyFrame(let producer): producer.close()
        case .latest(let writer): writer.close()
        }
    }

    /// True when sending would not block.
    mutating func isReady() -> Bool {
        switch consume self {
        case .everyFrame(var producer):
            let isReady = producer.isClosed || producer.hasRoom()
            self = .everyFrame(producer)
            return isReady
        case .latest(let writer):
            self = .latest(writer)
            return true
        }
    }

    mutating func send(_ element: consuming Element) -> SendOutcome<Element> {
        switch consume self {
        case .everyFrame(var producer):
            let outcome = producer.push(element)
            self = .everyFrame(producer)
            switch consume outcome {
            case .accepted: return .sent
            case .closed(let element): return .closed(element)
            case .full: preconditionFailure("a ring lost the room it had")
            }
        case .latest(var writer):
            let outcome = writer.put(element)
            self = .latest(writer)
            return outcome
        }
    }
}

/// Reading end of a ring or slot.
enum ReceivingEnd<Element: ~Copyable & Sendable>: ~Copyable, Sendable {
    case everyFrame(Consumer<Element>)
    case latest(SlotReader<Element>)

    func close() {
        switch self {
        case .everyFrame(let consumer): consumer.close()
        case .latest(let reader): reader.close()
        }
    }

    /// True when there is an element, or the writing end is gone.
    mutating func isReady() -> Bool {
        switch consume self {
        case .everyFrame(var consumer):
            let isReady = consumer.isReady()
            self = .everyFrame(consumer)
            return isReady
        case .latest(let reader):
            let isReady = reader.isReady()
            self = .latest(reader)
            return isReady
        }
    }

    mutating func take() -> PopOutcome<Element> {
        switch consume self {
        case .everyFrame(var consumer):
            let outcome = consumer.pop()
            self = .everyFrame(consumer)
            return outcome
        case .latest(var reader):
            let outcome = reader.take()
            self = .latest(reader)
            return outcome
        }
    }
}
