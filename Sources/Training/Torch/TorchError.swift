/// What went wrong between the trainer and libtorch, said to a person.
public enum TorchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The program was built without libtorch.
    case missing
    /// libtorch refused a call; the text is its own.
    case refused(String)

    /// One or two sentences: what went wrong and what to try.
    public var description: String {
        switch self {
        case .missing:
            "This program was built without libtorch, so it cannot train. "
                + "Run Samples/train/libtorch.sh, then swift build -c release --traits Training "
                + "--scratch-path .build-training."
        case .refused(let text): "libtorch: \(text)"
        }
    }
}
