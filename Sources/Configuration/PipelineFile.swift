import Yams

/// A pipeline file in YAML: the name of a command and its settings as nested keys.
///
/// Reading checks the whole file: all unknown keys, wrong values and contradictions are reported at once,
/// each with its line.
public struct PipelineFile: Sendable {
    /// One error in a pipeline file.
    public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        /// The file's name.
        public let file: String
        /// Line, from 1; nil for an error of the whole file.
        public let line: Int?
        /// The error, with a suggestion where there is one.
        public let message: String

        /// File, line and message, such as `dashcam.yaml:7: "cfr" is not known; did you mean "crf"?`.
        public var description: String {
            line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
        }
    }

    /// All errors of one file.
    public struct Problems: Error, Sendable, CustomStringConvertible {
        /// The errors in the order of the file.
        public let list: [Problem]

        /// One error per line.
        public var description: String { list.map(\.description).joined(separator: "\n") }
    }

    /// Content of a file, by its command.
    public enum Content: Sendable, Hashable {
        /// `command: detect`.
        case detect(DetectDescription)
        /// `command: bench`.
        case bench(BenchDescription)
        /// `command: live`.
        case live(LiveDescription)
        /// `command: train`.
        case train(TrainDescription)
    }

    /// Commands that a file may name.
    public static let commands = [
        DetectDescription.command, BenchDescription.command, LiveDescription.command,
        TrainDescription.command,
    ]

    /// The description that was read.
    public let content: Content

    /// Reads a pipeline file.
    ///
    /// - Parameters:
    ///   - text: The YAML.
    ///   - name: The file's name, for messages.
    ///   - overrides: `key=value` pairs of `--set`, applied after the file; those of one camera
    ///     are `cameras.NAME.key=value`.
    /// - Throws: ``Problems`` with all errors.
    public init(_ text: String, name: String, overrides: [String] = []) throws(Problems) {
        var reader = PipelineFileReader(name: name)
        let content = reader.read(text, overrides)
        guard let content, reader.problems.isEmpty else {
            throw Problems(list: reader.problems.sortedByLine)
        }
        self.content = content
    }
}

extension [PipelineFile.Problem] {
    /// The errors in the order of the file; those without a line come last.
    fileprivate var sortedByLine: Self {
        enumerated().sorted { a, b in
            (a.element.line ?? .max, a.offset) < (b.element.line ?? .max, b.offset)
        }.map(\.element)
    }
}

/// Reader of a YAML file: finds its command and reads it by the command's table.
private struct PipelineFileReader {
    private typealias Override = (key: String, value: String)

    let name: String
    var problems: [PipelineFile.Problem] = []

    init(name: String) { self.name = name }

    /// Reads a text; nil, with problems, where it is no pipeline file.
    mutating func read(_ text: String, _ overrides: [String]) -> PipelineFile.Content? {
        let overrides = overrides.compactMap { split($0) }
        guard let root = parse(text) else { return nil }
        guard let mapping = root.mapping else {
            fail("a pipeline file is a mapping that begins with \"command: detect\"", root)
            return nil
        }
        switch command(mapping, root) {
        case LiveDescription.command: return .live(live(mapping, overrides))
        case BenchDescription.command: return .bench(recording(mapping, overrides))
        case TrainDescription.command: return .train(train(mapping, overrides))
        default: return .detect(recording(mapping, overrides))
        }
    }

    /// Reads the description of a command on recordings.
    private mutating func recording<Description: CommandDescription>(
        _ mapping: Node.Mapping, _ overrides: [Override]
    ) -> Description {
        var reader = SettingsReader(
            file: name, table: Description.settings, others: ["command"], into: Description())
        reader.read(mapping)
        for override in overrides { reader.override(override.key, override.value) }
        problems += reader.problems
        if problems.isEmpty { reader.description.contradictions.forEach { fail($0) } }
        return reader.description
    }

    /// Reads the description of `live`; cameras come last, since each begins with the settings for all.
    private mutating func live(
        _ mapping: Node.Mapping, _ overrides: [Override]
    ) -> LiveDescription {
        var reader = SettingsReader(
            file: name, table: LiveSettingTable.all, others: ["command", "cameras", "webhooks"],
            into: LiveDescription())
        reader.read(mapping)
        if let list = mapping["webhooks"] {
            reader.description.webhooks = entries(
                list, of: "webhooks", table: WebhookSettingTable.all,
                describe: "a webhook is an address, or a mapping with a url",
                new: { LiveDescription.newWebhook(number: $0) }, setText: { $0.setAddress($1) })
        }
        let isOfCamera = { (override: Override) in override.key.hasPrefix("cameras.") }
        for override in overrides where override.key != "cameras" && !isOfCamera(override) {
            reader.override(override.key, override.value)
        }
        if let list = mapping["cameras"] { readCameras(list, into: &reader) }
        for override in overrides where override.key == "cameras" {
            reader.override(override.key, override.value)
        }
        problems += reader.problems
        for override in overrides where isOfCamera(override) {
            apply(override, to: &reader.description.cameras)
        }
        if problems.isEmpty { reader.description.contradictions.forEach { fail($0) } }
        return reader.description
    }

    private mutating func readCameras(
        _ list: Node, into reader: inout SettingsReader<LiveDescription>
    ) {
        let description = reader.description
        reader.description.cameras = entries(
            list, of: "cameras", table: CameraSettingTable.all,
            describe: "a camera is an address, or a mapping with a source",
            new: { description.newCamera(number: $0) }, setText: { $0.setSource($1) })
    }

    /// Reads the description of `train`.
    private mutating func train(
        _ mapping: Node.Mapping, _ overrides: [Override]
    ) -> TrainDescription {
        let lists: [(key: String, path: WritableKeyPath<TrainDescription, [SetDescription]>)] = [
            ("sets", \.sets), ("held-out", \.heldOut),
        ]
        var reader = SettingsReader(
            file: name, table: TrainSettingTable.all, others: ["command"] + lists.map(\.key),
            into: TrainDescription())
        reader.read(mapping)
        for list in lists {
            guard let node = mapping[list.key] else { continue }
            reader.description[keyPath: list.path] = entries(
                node, of: list.key, table: SetSettingTable.all,
                describe: "a data set is a path, or a mapping with a path",
                new: { _ in SetDescription() }, setText: { $0.path = $1 })
        }
        for override in overrides { reader.override(override.key, override.value) }
        problems += reader.problems
        if problems.isEmpty { reader.description.contradictions.forEach { fail($0) } }
        return reader.description
    }

    /// Reads a list whose entries are texts or mappings; a single text needs no list, like other single values.
    private mutating func entries<Entry>(
        _ list: Node, of key: String, table: [Setting<Entry>], describe: String,
        new: (_ number: Int) -> Entry, setText: (inout Entry, String) -> Void
    ) -> [Entry] {
        if list.null != nil { return [] }
        guard let nodes = list.scalar != nil ? [list] : list.sequence.map({ Array($0) }) else {
            fail("\"\(key)\" is a list", list)
            return []
        }
        return nodes.enumerated().map { index, node in
            var entry = new(index + 1)
            if let text = node.scalar?.string {
                setText(&entry, text)
            } else if let mapping = node.mapping {
                var inner = SettingsReader(file: name, table: table, into: entry)
                inner.read(mapping)
                problems += inner.problems
                entry = inner.description
            } else {
                fail(describe, node)
            }
            return entry
        }
    }

    /// Applies `cameras.NAME.key=value`.
    private mutating func apply(_ override: Override, to cameras: inout [CameraDescription]) {
        let rest = override.key.dropFirst("cameras.".count)
        let camera = String(rest.prefix { $0 != "." })
        let key = String(rest.dropFirst(camera.count + 1))
        guard let index = cameras.firstIndex(where: { $0.name == camera }) else {
            return fail("--set: camera " + NearestWord.message(camera, cameras.map(\.name)))
        }
        var reader = SettingsReader(
            file: name, table: CameraSettingTable.all, into: cameras[index])
        reader.override(key, override.value)
        problems += reader.problems
        cameras[index] = reader.description
    }

    private mutating func split(_ override: String) -> Override? {
        guard let place = override.firstIndex(of: "=") else {
            fail("--set takes key=value, not \"\(override)\"")
            return nil
        }
        return (String(override[..<place]), String(override[override.index(after: place)...]))
    }

    private mutating func command(_ mapping: Node.Mapping, _ root: Node) -> String {
        guard let command = mapping["command"] else {
            fail("the file names no command: begin with \"command: detect\"", root)
            return ""
        }
        let word = command.string ?? ""
        if !PipelineFile.commands.contains(word) {
            fail("command: " + NearestWord.message(word, PipelineFile.commands), command)
        }
        return word
    }

    private mutating func parse(_ text: String) -> Node? {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                fail("the file is empty")
                return nil
            }
            return node.merged
        } catch let error as YamlError {
            fail(error, in: text)
        } catch {
            fail("\(error)")
        }
        return nil
    }

    /// True for a line, from 1, with a tab among its leading white space.
    private static func isIndentedByTab(_ text: String, _ line: Int) -> Bool {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard lines.indices.contains(line - 1) else { return false }
        return lines[line - 1].prefix(while: \.isWhitespace).contains("\t")
    }

    private mutating func fail(_ message: String, _ node: Node? = nil) {
        problems.append(
            PipelineFile.Problem(file: name, line: node?.mark?.line, message: message))
    }

    private mutating func fail(_ error: YamlError, in text: String) {
        switch error {
        case .scanner(_, _, let mark, _) where Self.isIndentedByTab(text, mark.line):
            problems.append(
                PipelineFile.Problem(
                    file: name, line: mark.line,
                    message: "the line is indented by a tab; YAML takes spaces"))
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let lead = context.map { "\($0.text) " } ?? ""
            problems.append(
                PipelineFile.Problem(
                    file: name, line: mark.line, message: "not valid YAML: \(lead)\(problem)"))
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { "\"\($0)\"" }.joined(separator: ", ")
            problems.append(
                PipelineFile.Problem(
                    file: name, line: context.mark.line, message: "given twice: \(keys)"))
        default:
            fail("not valid YAML: \(error)")
        }
    }
}
