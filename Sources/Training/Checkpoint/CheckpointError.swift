/// What is wrong with a checkpoint, said to a person.
public enum CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file is no checkpoint, or of another version.
    case unreadable(file: String, problem: String)
    /// A tensor is missing or of other dimensions.
    case mismatched(String)
    /// The run that wrote it differs from the one that would go on.
    case otherRun(String)
    /// The file cannot be written.
    case unwritable(file: String, problem: String)

    /// One or two sentences: what went wrong and what to try.
    public var description: String {
        switch self {
        case .unreadable(let file, let problem):
            "The checkpoint \(file) cannot be read: \(problem)."
        case .mismatched(let tensor):
            "The checkpoint does not fit the network: \(tensor) is missing or of other dimensions. "
                + "The recipe may name another backbone, optimiser or other classes than the run that wrote it."
        case .otherRun(let problem):
            "The checkpoint is of another run: \(problem). Start anew in another folder, or take its weights as a start."
        case .unwritable(let file, let problem):
            "The checkpoint \(file) cannot be written: \(problem). The former one is kept. "
                + "Make room and resume."
        }
    }
}
