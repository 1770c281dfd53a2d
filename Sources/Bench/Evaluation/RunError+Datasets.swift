public import Datasets
public import Pipeline

extension RunError {
    /// An error of a data set with its exit code.
    public init(_ error: DatasetError) {
        let reason: ExitReason =
            switch error.kind {
            case .notFound: .notFound
            case .notReadable: .notReadable
            case .wrong: .usage
            }
        self.init(reason, error.description)
    }
}
