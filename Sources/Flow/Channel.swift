/// What a sender does when the receiver is slower: the one place where back-pressure has a name.
public enum BackPressure: String, CaseIterable, Hashable, Sendable {
    /// The sender waits; nothing is lost and the order is kept (``Ring``). For files.
    case everyFrame = "every-frame"
    /// The sender never waits; an element not yet taken is replaced by the newer one (``Slot``).
    /// For live sources.
    case latest
}

/// A passage from one thread to one other that waits where a ``Ring`` or ``Slot`` would refuse.
///
/// Destroying an end is the only signal, for end, cancel and failure alike. When the sender is gone
/// the receiver still gets what is under way and then nil; when the receiver is gone the sender gets
/// its element back.
@frozen
public struct Channel<Element: ~Copyable & Sendable>: ~Copyable {
    /// The end that puts elements in.
    public var sender: Sender<Element>
    /// The end that takes elements out.
    public var receiver: Receiver<Element>

    /// A channel.
    ///
    /// - Parameters:
    ///   - policy: what the sender does when the receiver is slower.
    ///   - capacity: how many elements may wait under ``BackPressure/everyFrame``, a power of two;
    ///     under ``BackPressure/latest`` one element waits, whatever the capacity.
    ///   - spins: how often each end looks before it sleeps.
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

/// What became of a sent element.
@frozen
public enum SendOutcome<Element: ~Copyable>: ~Copyable {
    /// It is on its way.
    case sent
    /// It is on its way, and took the place of this older one that nobody had taken: count it.
    case replaced(Element)
    /// The receiver is gone for good: here it is again. Stop producing.
    case closed(Element)
}

extension SendOutcome: Sendable where Element: Sendable & ~Copyable {}

/// The sending end of a ``Channel``; destroying it tells the receiver that no more will come.
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

    /// Sends an element, under ``BackPressure/everyFrame`` as soon as there is room.
    public mutating func send(_ element: consuming Element) -> SendOutcome<Element> {
        waiters.notFull.wait { end.isReady() }
        let outcome = end.send(element)
        waiters.notEmpty.wake()
        return outcome
    }
}

/// The receiving end of a ``Channel``; destroying it tells the sender that nobody listens.
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

    /// Waits for an element; nil when the sender is gone and everything sent was received.
    public mutating func receive() -> Element? {
        switch receive(deadline: nil) {
        case .element(let element): element
        case .empty: nil
        case .closed: nil
        }
    }

    /// Waits for an element until a deadline in nanoseconds of ``MonotonicClock/system``.
    ///
    /// Yields `.empty` only when the deadline has passed; nil is no deadline.
    public mutating func receive(deadline: UInt64?) -> PopOutcome<Element> {
        waiters.notEmpty.wait(deadline: deadline) { end.isReady() }
        let outcome = end.take()
        waiters.notFull.wake()
        return outcome
    }
}

/// Where the two ends of a channel sleep.
final class Waiters: Sendable {
    /// The receiver sleeps here until there is an element or the sender is gone.
    let notEmpty: Parker
    /// The sender sleeps here until there is room or the receiver is gone.
    let notFull: Parker

    init(spins: Int) {
        notEmpty = Parker(spins: spins)
        notFull = Parker(spins: spins)
    }
}

/// The writing end of either mechanism.
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

    /// Whether sending now would neither be refused nor have to wait, or is in vain.
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

/// The reading end of either mechanism.
enum ReceivingEnd<Element: ~Copyable & Sendable>: ~Copyable, Sendable {
    case everyFrame(Consumer<Element>)
    case latest(SlotReader<Element>)

    func close() {
        switch self {
        case .everyFrame(let consumer): consumer.close()
        case .latest(let reader): reader.close()
        }
    }

    /// Whether there is an element or news of the end.
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
