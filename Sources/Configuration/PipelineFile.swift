import Yams

/// A pipeline definition in YAML: a command's name and its settings as nested keys.
///
/// Reading is checking: every unknown key, wrong value and contradiction is reported with its place, all
/// of them at once.
public struct PipelineFile: Sendable {
    /// Something wrong in a pipeline file, at a place.
    public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        /// The file's name.
        public let file: String
        /// Line, from 1; nil for what concerns the whole file.
        public let line: Int?
        /// What is wrong, and what was probably meant.
        public let message: String

        /// File, line and message, such as `dashcam.yaml:7: "cfr" is not known; did you mean "crf"?`.
        public var description: String {
            line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
        }
    }

    /// All that is wrong with one file.
    public struct Problems: Error, Sendable, CustomStringConvertible {
        /// In the order of the file.
        public let list: [Problem]

        /// One problem a line.
        public var description: String { list.map(\.description).joined(separator: "\n") }
    }

    /// What a file may describe: one case a command.
    public enum Content: Sendable, Hashable {
        /// `command: detect`.
        case detect(DetectDescription)
        /// `command: bench`.
        case bench(DetectDescription)
        /// `command: live`.
        case live(LiveDescription)
    }

    /// The commands that a file may name.
    public static let commands = PipelineCommand.allCases.map(\.rawValue) + ["live"]

    /// What the file describes.
    public let content: Content

    /// Reads a definition.
    ///
    /// - Parameters:
    ///   - text: The YAML.
    ///   - name: The file's name, for messages.
    ///   - overrides: `key=value` pairs that are applied after the file, as given with `--set`; those of one camera
    ///     are `cameras.NAME.key=value`.
    /// - Throws: ``Problems``, all that is wrong at once.
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
    /// In the order of the file; what has no place comes last.
    fileprivate var sortedByLine: Self {
        enumerated().sorted { a, b in
            (a.element.line ?? .max, a.offset) < (b.element.line ?? .max, b.offset)
        }.map(\.element)
    }
}

/// Walks the YAML, finds out which command it describes, and has its table read it.
private struct PipelineFileReader {
    private typealias Override = (key: String, value: String)

    let name: String
    var problems: [PipelineFile.Problem] = []

    init(name: String) { self.name = name }

    /// What the text says; nil, or with problems, where it makes no sense.
    mutating func read(_ text: String, _ overrides: [String]) -> PipelineFile.Content? {
        let overrides = overrides.compactMap { split($0) }
        guard let root = parse(text) else { return nil }
        guard let mapping = root.mapping else {
            complain("a definition is a mapping that begins with \"command: detect\"", root)
            return nil
        }
        let word = command(mapping, root)
        if word == "live" { return .live(live(mapping, overrides)) }
        let command = PipelineCommand(rawValue: word) ?? .detect
        let description = recording(command, mapping, overrides)
        switch command {
        case .detect: return .detect(description)
        case .bench: return .bench(description)
        }
    }

    private mutating func recording(
        _ command: PipelineCommand, _ mapping: Node.Mapping, _ overrides: [Override]
    ) -> DetectDescription {
        var reader = SettingsReader(
            file: name, table: command.settings, others: ["command"], into: DetectDescription())
        reader.read(mapping)
        for override in overrides { reader.override(override.key, override.value) }
        problems += reader.problems
        if problems.isEmpty {
            for sentence in command.contradictions(reader.description) { complain(sentence) }
        }
        return reader.description
    }

    /// Cameras come last, since each begins with what is said for all.
    private mutating func live(
        _ mapping: Node.Mapping, _ overrides: [Override]
    ) -> LiveDescription {
        var reader = SettingsReader(
            file: name, table: LiveSettings.all, others: ["command", "cameras"],
            into: LiveDescription())
        reader.read(mapping)
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
        if problems.isEmpty { reader.description.contradictions.forEach { complain($0) } }
        return reader.description
    }

    private mutating func readCameras(
        _ list: Node, into reader: inout SettingsReader<LiveDescription>
    ) {
        if list.null != nil { return }
        // One camera needs no list, as everywhere else.
        let entries = list.scalar != nil ? [list] : list.sequence.map { Array($0) }
        guard let entries else {
            return complain("\"cameras\" is a list, one entry a camera", list)
        }
        for (index, entry) in entries.enumerated() {
            var camera = reader.description.newCamera(number: index + 1)
            if let text = entry.scalar?.string {
                camera.take(text)
            } else if let mapping = entry.mapping {
                var inner = SettingsReader(file: name, table: CameraSettings.all, into: camera)
                inner.read(mapping)
                problems += inner.problems
                camera = inner.description
            } else {
                complain("a camera is an address, or a mapping with a source", entry)
            }
            reader.description.cameras.append(camera)
        }
    }

    /// `cameras.NAME.key=value`.
    private mutating func apply(_ override: Override, to cameras: inout [CameraDescription]) {
        let rest = override.key.dropFirst("cameras.".count)
        let camera = String(rest.prefix { $0 != "." })
        let key = String(rest.dropFirst(camera.count + 1))
        guard let index = cameras.firstIndex(where: { $0.name == camera }) else {
            return complain("--set: camera " + NearestWord.complaint(camera, cameras.map(\.name)))
        }
        var reader = SettingsReader(
            file: name, table: CameraSettings.all, into: cameras[index])
        reader.override(key, override.value)
        problems += reader.problems
        cameras[index] = reader.description
    }

    private mutating func split(_ override: String) -> Override? {
        guard let place = override.firstIndex(of: "=") else {
            complain("--set takes key=value, not \"\(override)\"")
            return nil
        }
        return (String(override[..<place]), String(override[override.index(after: place)...]))
    }

    private mutating func command(_ mapping: Node.Mapping, _ root: Node) -> String {
        guard let command = mapping["command"] else {
            complain("the definition names no command: begin with \"command: detect\"", root)
            return ""
        }
        let word = command.string ?? ""
        if !PipelineFile.commands.contains(word) {
            complain("command: " + NearestWord.complaint(word, PipelineFile.commands), command)
        }
        return word
    }

    private mutating func parse(_ text: String) -> Node? {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                complain("the file is empty")
                return nil
            }
            return node
        } catch let error as YamlError {
            complain(error)
        } catch {
            complain("\(error)")
        }
        return nil
    }

    private mutating func complain(_ message: String, _ node: Node? = nil) {
        problems.append(
            PipelineFile.Problem(file: name, line: node?.mark?.line, message: message))
    }

    private mutating func complain(_ error: YamlError) {
        switch error {
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
            complain("not valid YAML: \(error)")
        }
    }
}
