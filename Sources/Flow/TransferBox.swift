/// Box that carries one noncopyable value into a closure, where it is taken once.
///
/// A closure that may run later cannot consume a captured value; it can capture this box and take
/// the value out. A value that is never taken is destroyed with the box.
public final class TransferBox<Element: ~Copyable & Sendable>: Sendable {
    private let content: Lock<Element?>

    /// Creates a box with a value.
    public init(_ element: consuming Element) {
        content = Lock(element)
    }

    /// Takes the value; traps when it was taken before.
    public func take() -> Element {
        guard let element = takeIfPresent() else {
            preconditionFailure("a box was taken twice")
        }
        return element
    }

    /// Takes the value; nil when it was taken before.
    public func takeIfPresent() -> Element? {
        content.withLock { content in content.take() }
    }
}
