/// Outcome of offering an element to a ``Ring`` or ``BoundedQueue``.
@frozen
public enum OfferOutcome<Element: ~Copyable>: ~Copyable {
    /// The element waits to be taken.
    case accepted
    /// There was no room; the element is returned.
    case full(Element)
    /// Nothing will be taken any more; the element is returned.
    case closed(Element)
}

extension OfferOutcome: Sendable where Element: Sendable & ~Copyable {}

/// Outcome of sending an element.
@frozen
public enum SendOutcome<Element: ~Copyable>: ~Copyable {
    /// The element waits to be taken.
    case sent
    /// The element waits to be taken and has replaced this older one, which was never taken.
    case replaced(Element)
    /// The receiver is gone; the element is returned. Stop producing.
    case closed(Element)
}

extension SendOutcome: Sendable where Element: Sendable & ~Copyable {}

/// Outcome of taking from a ring or slot.
@frozen
public enum PopOutcome<Element: ~Copyable>: ~Copyable {
    /// Element, now the caller's.
    case element(Element)
    /// No element yet.
    case empty
    /// No element, and none will come: the other end is gone.
    case closed
}

extension PopOutcome: Sendable where Element: Sendable & ~Copyable {}
