import ArgumentParser
import Configuration
import Pipeline

/// Arguments of `live`; each option is a setting of the same name in `LiveSettingTable`.
struct LiveOptions: ParsableArguments {
    @Argument(
        help: "\(SettingHelp.summary("cameras")) Or one pipeline file (.yaml).", completion: .file()
    )
    var sources: [String] = []
    @Option(name: .customLong("set"), help: "key=value, applied after a pipeline file; repeatable.")
    var overrides: [String] = []

    @Option(
        help: SettingHelp.text("connection.transport"),
        completion: SettingHelp.words("connection.transport"))
    var transport: String?
    @Option(help: SettingHelp.text("connection.open"))
    var openTimeout: String?
    @Option(help: SettingHelp.text("connection.first-frame"))
    var firstFrameTimeout: String?
    @Option(help: SettingHelp.text("connection.silence"))
    var silenceTimeout: String?
    @Option(
        help: SettingHelp.text("connection.follow"),
        completion: SettingHelp.words("connection.follow"))
    var follow: String?

    @OptionGroup var model: ModelOptions
    @Option(help: SettingHelp.text("detectors"))
    var detectors: String?
    @OptionGroup var objects: ObjectOptions
    @OptionGroup var tracking: TrackingOptions
    @OptionGroup var counting: CountingOptions

    @Option(help: SettingHelp.text("page.address"))
    var page: String?
    @Option(help: SettingHelp.text("page.token-variable"))
    var pageTokenVariable: String?
    @Option(help: SettingHelp.text("page.token-file"), completion: .file())
    var pageTokenFile: String?
    @Option(help: SettingHelp.text("events.snapshots"), completion: .directory)
    var snapshots: String?
    @Option(help: SettingHelp.text("events.snapshot-limit"))
    var snapshotLimit: String?
    @Option(help: SettingHelp.text("events.command"), completion: .shellCommand("compgen -c"))
    var onEvent: String?

    @OptionGroup var publishing: PublishingOptions

    @Option(help: SettingHelp.text("record.folder"), completion: .directory)
    var record: String?
    @Option(help: SettingHelp.text("record.what"), completion: SettingHelp.words("record.what"))
    var recordWhat: String?
    @Option(help: SettingHelp.text("record.keep-for"))
    var keepFor: String?
    @Option(help: SettingHelp.text("record.keep-size"))
    var keepSize: String?
    @Option(help: SettingHelp.text("clips.classes"))
    var clipClasses: [String] = []

    @Option(help: SettingHelp.text("for"))
    var `for`: String?
    @Flag(name: [.customShort("q"), .long], help: SettingHelp.text("quiet"))
    var quiet = false
}

extension LiveOptions {
    /// The pipeline file given in place of sources; nil for sources.
    var file: String? {
        guard sources.count == 1, let name = sources.first?.lowercased() else { return nil }
        return name.hasSuffix(".yaml") || name.hasSuffix(".yml") ? sources[0] : nil
    }

    /// The given arguments as assignments; cameras come last, since each begins with the settings for all.
    var assignments: [Assignment] {
        GivenOption.assignments(of: self, among: LiveSettingTable.all)
            + (sources.isEmpty ? [] : [("cameras", sources)])
    }

    /// Reads the arguments.
    ///
    /// - Throws: A `ValidationError` for a wrong value or a contradiction.
    func description() throws -> LiveDescription {
        guard overrides.isEmpty else {
            throw ValidationError("--set changes a pipeline file: name one.")
        }
        return try LiveDescription(assignments)
    }

    /// Refuses options beside a pipeline file, since only `--set` changes a file.
    func validate() throws {
        guard file != nil, assignments.count > 1 else { return }
        throw ValidationError("With a pipeline file, change settings by --set key=value.")
    }
}
