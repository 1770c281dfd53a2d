import ArgumentParser
import Pipeline

/// The command line of `live`: each option is a key of the table of settings, and says the same for all cameras.
struct LiveOptions: ParsableArguments {
    @Argument(help: "\(summary("cameras")) Or one pipeline file (.yaml).")
    var sources: [String] = []
    @Option(name: .customLong("set"), help: "key=value, applied after a pipeline file; repeatable.")
    var overrides: [String] = []

    @Option(help: help("connection.transport"))
    var transport: String?
    @Option(help: help("connection.open"))
    var openTimeout: String?
    @Option(help: help("connection.first-frame"))
    var firstFrameTimeout: String?
    @Option(help: help("connection.silence"))
    var silenceTimeout: String?

    @Option(help: help("model.name"))
    var model: String?
    @Option(help: help("model.input"))
    var input: String?
    @Option(help: SettingHelp.text("model.fit"), completion: SettingHelp.words("model.fit"))
    var fit: String?
    @Option(
        help: SettingHelp.text("model.precision"), completion: SettingHelp.words("model.precision"))
    var precision: String?
    @Option(help: help("detectors"))
    var detectors: String?

    @Option(help: help("objects.classes"))
    var classes: [String] = []
    @Option(help: help("objects.min-score"))
    var minScore: String?
    @Option(help: help("objects.ignore"))
    var ignore: [String] = []
    @Option(help: help("tracking.every"))
    var every: String?
    @Option(help: help("tracking.detect-fps"))
    var detectFps: String?

    @Option(help: help("page.address"))
    var page: String?
    @Option(help: help("page.token-variable"))
    var pageTokenVariable: String?
    @Option(help: help("page.token-file"))
    var pageTokenFile: String?
    @Option(help: help("events.file"))
    var events: String?
    @Option(help: help("events.classes"))
    var eventClasses: [String] = []
    @Option(help: help("events.snapshots"))
    var snapshots: String?
    @Option(help: help("events.snapshot-limit"))
    var snapshotLimit: String?
    @Option(name: .customLong("on-event"), help: help("events.command"))
    var onEvent: String?

    @Option(name: .customLong("for"), help: help("for"))
    var duration: String?
    @Flag(name: [.customShort("q"), .customLong("quiet")], help: help("quiet"))
    var quiet = false

    private static func help(_ key: String) -> ArgumentHelp { ArgumentHelp(summary(key)) }
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
        let values = [
            ("connection.transport", transport), ("connection.open", openTimeout),
            ("connection.first-frame", firstFrameTimeout),
            ("connection.silence", silenceTimeout), ("model.name", model), ("model.input", input),
            ("model.fit", fit), ("model.precision", precision), ("detectors", detectors),
            ("objects.min-score", minScore), ("tracking.every", every),
            ("tracking.detect-fps", detectFps), ("for", duration),
            ("page.address", page), ("page.token-variable", pageTokenVariable),
            ("page.token-file", pageTokenFile), ("events.file", events),
            ("events.snapshots", snapshots),
            ("events.snapshot-limit", snapshotLimit), ("events.command", onEvent),
        ]
        let lists = [
            ("objects.classes", classes), ("objects.ignore", ignore),
            ("events.classes", eventClasses), ("cameras", sources),
        ]
        return values.compactMap { pair in pair.1.map { (pair.0, [$0]) } }
            + (quiet ? [("quiet", ["true"])] : []) + lists.filter { !$0.1.isEmpty }
    }

    /// The description that this command line says.
    func description() throws -> LiveDescription {
        guard overrides.isEmpty else {
            throw ValidationError("--set is for pipeline files; here every setting has an option.")
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
