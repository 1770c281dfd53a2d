/// The description of one command's run, filled through the command's table of settings.
public protocol CommandDescription: Sendable, Hashable {
    /// Name of the command, on the command line and in pipeline files.
    static var command: String { get }
    /// All settings of the command, in the order of help texts and printed files.
    static var settings: [Setting<Self>] { get }
    /// Contradictions between settings, as sentences; empty for a consistent description.
    var contradictions: [String] { get }

    /// A description with every default.
    init()
}
