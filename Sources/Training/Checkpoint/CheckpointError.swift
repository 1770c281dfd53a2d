/// An error of reading, writing or resuming from a checkpoint.
public enum CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file is not a checkpoint, or of another version.
    case unreadable(file: String, problem: String)
    /// A tensor is missing or has other dimensions.
    case mismatched(String)
    /// The recipe or data of the run differ from the checkpoint's.
    case otherRun(String)
    /// The file cannot be written.
    case unwritable(file: String, problem: String)

    /// The problem and what to try, in one or two sentences.
    public var description: String {
        switch self {
        case .unreadable(let file, let problem):
            "The checkpoint \(file) cannot be read: \(problem)."
        case .mismatched(let tensor):
            "The checkpoint does not fit the network: \(tensor) is missing or has other dimensions. "
                + "The recipe may have another backbone, optimizer or other classes than the run that wrote it."
        case .otherRun(let problem):
            "The checkpoint is of another run: \(problem). Use another folder, or start from its weights."
        case .unwritable(let file, let problem):
            "The checkpoint \(file) cannot be written: \(problem). The previous one is kept. "
                + "Free disk space and resume."
        }
    }
}
