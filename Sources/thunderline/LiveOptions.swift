import ArgumentParser
import Configuration
import Pipeline

/// The command line of `live`: each option is one of the table of settings, says the same for all cameras, and has the
/// name that its property has.
struct LiveOptions: ParsableArguments {
    @Argument(help: "\(summary("cameras")) Or one pipeline file (.yaml).", completion: .file())
    var sources: [String] = []
    @Option(name: .customLong("set"), help: "key=value, applied after a pipeline file; repeatable.")
    var overrides: [String] = []

    @Option(help: help("connection.transport"), completion: words("connection.transport"))
    var transport: String?
    @Option(help: help("connection.open"))
    var openTimeout: String?
    @Option(help: help("connection.first-frame"))
    var firstFrameTimeout: String?
    @Option(help: help("connection.silence"))
    var silenceTimeout: String?

    @Option(help: help("model.name"), completion: .file())
    var model: String?
    @Option(help: help("model.input"))
    var input: String?
    @Option(help: help("model.fit"), completion: words("model.fit"))
    var fit: String?
    @Option(help: help("model.precision"), completion: words("model.precision"))
    var precision: String?
    @Option(help: help("detectors"))
    var detectors: String?

    @Option(help: help("objects.classes"))
    var classes: [String] = []
    @Option(help: help("objects.min-score"))
    var minScore: String?
    @Option(help: help("objects.ignore"))
    var ignore: [String] = []
    @OptionGroup var tracking: TrackingOptions

    @Option(help: help("page.address"))
    var page: String?
    @Option(help: help("page.token-variable"))
    var pageTokenVariable: String?
    @Option(help: help("page.token-file"), completion: .file())
    var pageTokenFile: String?
    @Option(help: help("events.file"), completion: .file())
    var events: String?
    @Option(help: help("events.classes"))
    var eventClasses: [String] = []
    @Option(help: help("events.snapshots"), completion: .directory)
    var snapshots: String?
    @Option(help: help("events.snapshot-limit"))
    var snapshotLimit: String?
    @Option(help: help("events.command"), completion: .shellCommand("compgen -c"))
    var onEvent: String?

    @Option(help: help("record.folder"), completion: .directory)
    var record: String?
    @Option(help: help("record.what"), completion: words("record.what"))
    var recordWhat: String?
    @Option(help: help("record.keep-for"))
    var keepFor: String?
    @Option(help: help("record.keep-size"))
    var keepSize: String?
    @Option(help: help("clips.classes"))
    var clipClasses: [String] = []

    @Option(help: help("for"))
    var `for`: String?
    @Flag(name: [.customShort("q"), .long], help: help("quiet"))
    var quiet = false

    private static func help(_ key: String) -> ArgumentHelp {
        SettingHelp.text(key, among: LiveSettings.all)
    }
    private static func words(_ key: String) -> CompletionKind? {
        SettingHelp.words(key, among: LiveSettings.all)
    }
    private static func summary(_ key: String) -> String {
        LiveSettings.setting(key)?.summary ?? ""
    }
}

extension LiveOptions {
    /// The pipeline file that is named in place of sources.
    var file: String? {
        guard sources.count == 1, let name = sources.first?.lowercased() else { return nil }
        return name.hasSuffix(".yaml") || name.hasSuffix(".yml") ? sources[0] : nil
    }

    /// What was said on the command line, as the table of settings takes it; cameras last, since each begins with
    /// what is said for all.
    var assignments: [(key: String, texts: [String])] {
        GivenOption.assignments(of: self, among: LiveSettings.all)
            + (sources.isEmpty ? [] : [("cameras", sources)])
    }

    /// The description that this command line says.
    func description() throws -> LiveDescription {
        guard overrides.isEmpty else {
            throw ValidationError("--set is for pipeline files: put what has no option into one.")
        }
        var description = LiveDescription()
        for (key, texts) in assignments {
            do throws(SettingError) {
                try description.set(key, to: texts)
            } catch {
                let option = LiveSettings.setting(key)?.option ?? key
                throw ValidationError("\(option) \(error.message).")
            }
        }
        if let contradiction = description.contradictions.first {
            throw ValidationError(contradiction)
        }
        return description
    }

    /// With a file only `--set` makes sense: anything else would be forgotten silently.
    func validate() throws {
        guard file != nil, assignments.count > 1 else { return }
        throw ValidationError("With a pipeline file, change settings by --set key=value.")
    }
}
