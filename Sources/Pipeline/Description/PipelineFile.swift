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

    /// The commands that a file may name.
    public static let commands = ["detect"]

    /// What the file describes.
    public let description: DetectDescription

    /// Reads a definition.
    ///
    /// - Parameters:
    ///   - text: The YAML.
    ///   - name: The file's name, for messages.
    ///   - overrides: `key=value` pairs that are applied after the file, as given with `--set`.
    /// - Throws: ``Problems``, all that is wrong at once.
    public init(_ text: String, name: String, overrides: [String] = []) throws(Problems) {
        var reader = PipelineFileReader(name: name)
        reader.read(text)
        for override in overrides { reader.override(override) }
        if reader.problems.isEmpty { reader.checkContradictions() }
        guard reader.problems.isEmpty else { throw Problems(list: reader.problems) }
        description = reader.description
    }
}

/// Walks the YAML and fills a description, collecting problems on the way.
private struct PipelineFileReader {
    let name: String
    var description = DetectDescription()
    var problems: [PipelineFile.Problem] = []

    init(name: String) { self.name = name }

    mutating func read(_ text: String) {
        guard let root = parse(text) else { return }
        guard let mapping = root.mapping else {
            return complain("a definition is a mapping that begins with \"command: detect\"", root)
        }
        readCommand(mapping, root)
        for (key, value) in mapping where key.string != "command" {
            readEntry(key, value, prefix: "")
        }
    }

    mutating func override(_ text: String) {
        guard let split = text.firstIndex(of: "=") else {
            return complain("--set takes key=value, not \"\(text)\"")
        }
        let key = String(text[..<split])
        let value = String(text[text.index(after: split)...])
        guard let setting = DetectSettings.setting(key) else {
            return complain(
                "--set: " + NearestWord.complaint(key, DetectSettings.all.map(\.key)))
        }
        apply([value], setting, at: nil)
    }

    mutating func checkContradictions() {
        for sentence in description.contradictions { complain(sentence) }
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

    private mutating func readCommand(_ mapping: Node.Mapping, _ root: Node) {
        guard let command = mapping["command"] else {
            return complain("the definition names no command: begin with \"command: detect\"", root)
        }
        if !PipelineFile.commands.contains(command.string ?? "") {
            complain(
                "command: " + NearestWord.complaint(command.string ?? "", PipelineFile.commands),
                command)
        }
    }

    private mutating func readEntry(_ key: Node, _ value: Node, prefix: String) {
        guard let word = key.string else { return complain("a key must be a word", key) }
        let path = prefix + word
        if let setting = DetectSettings.setting(path) {
            return readValue(value, setting)
        }
        let siblings = Self.words(under: prefix)
        let isGroup = DetectSettings.all.contains { $0.key.hasPrefix(path + ".") }
        guard isGroup else {
            return complain(Self.complaint(word, siblings), key)
        }
        if value.null != nil { return }
        guard let mapping = value.mapping else {
            return complain("\"\(word)\" holds settings, so it needs keys below it", value)
        }
        for (inner, innerValue) in mapping { readEntry(inner, innerValue, prefix: path + ".") }
    }

    private mutating func readValue(_ value: Node, _ setting: Setting<DetectDescription>) {
        if value.null != nil { return }
        guard let texts = texts(value, setting) else { return }
        apply(texts, setting, at: value)
    }

    private mutating func texts(
        _ value: Node, _ setting: Setting<DetectDescription>
    ) -> [String]? {
        if let text = value.scalar?.string { return [text] }
        guard let sequence = value.sequence, setting.form.isList else {
            complain("\"\(setting.key)\" takes one value", value)
            return nil
        }
        var texts: [String] = []
        for item in sequence {
            let numbers = setting.form == .rectangles ? Self.numbers(item) : nil
            guard let text = item.scalar?.string ?? numbers else {
                complain("\"\(setting.key)\" takes a list of plain values", item)
                return nil
            }
            texts.append(text)
        }
        return texts
    }

    /// A rectangle may be written as a list of numbers: `[0, 0.9, 1, 0.1]`.
    private static func numbers(_ item: Node) -> String? {
        let parts = item.sequence?.compactMap { $0.scalar?.string }
        return parts.map { $0.joined(separator: ",") }
    }

    private mutating func apply(
        _ texts: [String], _ setting: Setting<DetectDescription>, at node: Node?
    ) {
        do throws(SettingError) {
            try setting.apply(texts, &description)
        } catch {
            complain("\"\(setting.key)\" \(error.message)", node)
        }
    }

    /// What is wrong with a key, and the nearest that there is: at its own level, or the same word at another.
    private static func complaint(_ word: String, _ siblings: [String]) -> String {
        let elsewhere = DetectSettings.all.first { $0.key.hasSuffix(".\(word)") }
        if let elsewhere, NearestWord.nearest(to: word, in: siblings) == nil {
            return "\"\(word)\" is not known here; did you mean \"\(elsewhere.key)\"?"
        }
        return NearestWord.complaint(word, siblings)
    }

    /// The words that may stand at one level.
    private static func words(under prefix: String) -> [String] {
        var words: [String] = prefix.isEmpty ? ["command"] : []
        for setting in DetectSettings.all where setting.key.hasPrefix(prefix) {
            let rest = setting.key.dropFirst(prefix.count)
            let word = String(rest.prefix { $0 != "." })
            if !words.contains(word) { words.append(word) }
        }
        return words
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
