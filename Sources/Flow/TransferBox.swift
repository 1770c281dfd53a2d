/// A box that carries one noncopyable value into a thread's closure, where it is taken once.
///
/// A closure that may run later cannot consume what it captures; it can hold this box and take the
/// value out. A value that is never taken is destroyed with the box.
public final class TransferBox<Element: ~Copyable & Sendable>: Sendable {
    private let content: Lock<Element?>

    /// A box with the value in it.
    public init(_ element: consuming Element) {
        content = Lock(element)
    }

    /// Takes the value out; taking it a second time is a mistake in the program and stops it.
    public func take() -> Element {
        guard let element = takeIfPresent() else {
            preconditionFailure("a box was taken twice")
        }
        return element
    }

    /// Takes the value out, or yields nil when it was taken before.
    public func takeIfPresent() -> Element? {
        content.withLock { content in content.take() }
    }
}
