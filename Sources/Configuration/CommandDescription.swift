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

extension CommandDescription {
    /// Sets the setting with a key from its texts.
    ///
    /// - Throws: A ``SettingError`` for an unknown key or a value that cannot be read.
    public mutating func set(_ key: String, to texts: [String]) throws(SettingError) {
        guard let setting = Self.settings.first(where: { $0.isCalled(key) }) else {
            throw SettingError(message: NearestWord.message(key, Self.settings.map(\.key)))
        }
        try setting.apply(texts, &self)
    }
}
