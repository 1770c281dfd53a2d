import Yams

/// YAML whose aliases are counted before they are followed.
///
/// A few lines of nested aliases can stand for more values than memory holds.
enum BoundedYAML {
    /// Largest number of values with all aliases followed.
    static let limit = 50_000
    /// Character of private use that marks an alias in text of which none is followed.
    private static let mark = "\u{E000}"

    /// Aliases stand for more than ``limit`` values.
    struct TooManyValues: Error {}

    /// The document's root; nil for an empty document.
    ///
    /// - Throws: `YamlError` for a mistake, ``TooManyValues`` before any alias is followed.
    static func compose(_ text: String) throws -> Node? {
        if text.contains("*"), try size(withoutAliases(text)) > limit { throw TooManyValues() }
        return try Yams.compose(yaml: text)
    }

    /// Number of values of a text of marked aliases.
    private static func size(_ text: String) throws -> Int {
        let parser = try Parser(yaml: text)
        // Nodes refer weakly to their anchors, which live as long as the parser.
        return try withExtendedLifetime(parser) {
            var count = Count()
            return try parser.singleRoot().map { count.size($0) } ?? 0
        }
    }

    /// The text with each `*name` made a plain text of equal length; asterisks in quotes change as well, which
    /// changes no count.
    private static func withoutAliases(_ text: String) -> String {
        text.replacing(/\*([A-Za-z0-9_-])/) { mark + $0.output.1 }
    }

    /// Counter of values, which reads anchors in the order of the document.
    private struct Count {
        private var sizes: [String: Int] = [:]

        /// Number of values of a node, at most one more than the limit.
        mutating func size(_ node: Node) -> Int {
            var size = 1
            switch node {
            case .scalar(let scalar):
                if scalar.string.hasPrefix(mark) {
                    size = sizes[String(scalar.string.dropFirst())] ?? 1
                }
            case .mapping(let mapping):
                for (key, value) in mapping {
                    size = min(size + self.size(key) + self.size(value), limit + 1)
                }
            case .sequence(let sequence):
                for entry in sequence { size = min(size + self.size(entry), limit + 1) }
            case .alias: break
            }
            if let anchor = node.anchor { sizes[anchor.rawValue] = size }
            return size
        }
    }
}
