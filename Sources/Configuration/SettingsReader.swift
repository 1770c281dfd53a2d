import Yams

/// Reader that fills a description from nested keys by a table of settings and collects errors.
struct SettingsReader<Description: Sendable> {
    /// The file's name, for messages.
    let file: String
    let table: [Setting<Description>]
    /// Words of the outermost level that are read elsewhere.
    let others: [String]
    /// The description as read so far.
    var description: Description
    private(set) var problems: [PipelineFile.Problem] = []

    init(
        file: String, table: [Setting<Description>], others: [String] = [],
        into description: Description
    ) {
        self.file = file
        self.table = table
        self.others = others
        self.description = description
    }

    /// Reads all keys of a mapping except those that are read elsewhere, and those that begin with
    /// `x-`, which hold what other keys merge.
    mutating func read(_ mapping: Node.Mapping) {
        for (key, value) in mapping
        where !others.contains(key.string ?? "") && key.string?.hasPrefix("x-") != true {
            readEntry(key, value, prefix: "")
        }
    }

    /// Sets one key from the text of `--set`.
    mutating func override(_ key: String, _ value: String) {
        guard let setting = table.first(where: { $0.isCalled(key) }) else {
            return fail("--set: " + NearestWord.message(key, table.map(\.key)))
        }
        apply([value], setting, at: nil)
    }

    /// Adds a problem, with the line of a node where there is one.
    mutating func fail(_ message: String, _ node: Node? = nil) {
        problems.append(
            PipelineFile.Problem(file: file, line: node?.mark?.line, message: message))
    }

    private mutating func readEntry(_ key: Node, _ value: Node, prefix: String) {
        guard let word = key.string else { return fail("a key must be a word", key) }
        let path = prefix + word
        if let setting = table.first(where: { $0.isCalled(path) }) {
            return readValue(value, setting)
        }
        guard table.contains(where: { $0.key.hasPrefix(path + ".") }) else {
            return fail(unknown(word, words(under: prefix)), key)
        }
        if value.null != nil { return }
        guard let mapping = value.mapping else {
            return fail("\"\(word)\" holds settings, so it needs keys below it", value)
        }
        for (inner, innerValue) in mapping { readEntry(inner, innerValue, prefix: path + ".") }
    }

    private mutating func readValue(_ value: Node, _ setting: Setting<Description>) {
        if value.null != nil { return }
        guard let texts = texts(value, setting) else { return }
        apply(texts, setting, at: value)
    }

    private mutating func texts(_ value: Node, _ setting: Setting<Description>) -> [String]? {
        if let text = value.scalar?.string { return [text] }
        let isOne = value.mapping != nil || !setting.form.isList
        guard let entries = isOne ? [value] : value.sequence.map({ Array($0) }) else { return nil }
        let before = problems.count
        let texts = entries.compactMap { entry -> String? in
            if let text = text(of: entry, setting.form.entry, setting.key) { return text }
            if problems.count == before {
                let message = setting.form.isList ? "a list of plain values" : "one value"
                fail("\"\(setting.key)\" takes \(message)", entry)
            }
            return nil
        }
        return problems.count == before ? texts : nil
    }

    private mutating func apply(
        _ texts: [String], _ setting: Setting<Description>, at node: Node?
    ) {
        // The system ends a path at NUL, so that another file would be meant than is named.
        guard !texts.contains(where: { $0.unicodeScalars.contains("\0") }) else {
            return fail("\"\(setting.key)\" contains a NUL character", node)
        }
        do throws(SettingError) {
            try setting.apply(texts, &description)
        } catch {
            fail("\"\(setting.key)\" \(error.message)", node)
        }
    }

    /// Message for an unknown key, with the same word of another level or the nearest word of its own.
    private func unknown(_ word: String, _ siblings: [String]) -> String {
        let elsewhere = table.first { $0.key.hasSuffix(".\(word)") }
        if let elsewhere, NearestWord.nearest(to: word, in: siblings) == nil {
            return "\"\(word)\" is not known here; did you mean \"\(elsewhere.key)\"?"
        }
        return NearestWord.message(word, siblings)
    }

    /// Valid words of one level.
    private func words(under prefix: String) -> [String] {
        var words = prefix.isEmpty ? others : []
        for setting in table where setting.key.hasPrefix(prefix) {
            let word = String(setting.key.dropFirst(prefix.count).prefix { $0 != "." })
            if !words.contains(word) { words.append(word) }
        }
        return words
    }
}
