/// An error of libtorch.
public enum TorchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The program was built without libtorch.
    case missing
    /// libtorch reported an error; the text is libtorch's.
    case refused(String)

    /// The problem and what to try, in one or two sentences.
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
