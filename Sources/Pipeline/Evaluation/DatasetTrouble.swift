public import Datasets

extension RunError {
    /// Trouble with a data set.
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
