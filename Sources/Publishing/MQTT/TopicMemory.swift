internal import Foundation

/// File of what the broker retains, so that it can be removed once a camera, zone or class is gone.
struct TopicMemory: Sendable {
    private struct Content: Codable {
        var topics: [String] = []
        var components: [String: [String: String]] = [:]
    }

    private let path: String
    private var content: Content

    /// Most topics and devices that are remembered.
    private static let limit = 100_000

    /// Reads the file; without a readable one nothing is remembered.
    init(_ path: String) {
        self.path = path
        let data = FileManager.default.contents(atPath: path) ?? Data()
        content = (try? JSONDecoder().decode(Content.self, from: data)) ?? Content()
    }

    /// Retained topics.
    var topics: [String] { content.topics }
    /// Platforms of discovered components, by device and key; also of those that were removed.
    var components: [String: [String: String]] { content.components }

    /// Remembers topics and components; former topics too, until ``forget(allBut:)``.
    mutating func remember(_ topics: [String], _ components: [String: [String: String]]) {
        let known = Set(content.topics)
        content.topics += topics.filter { !known.contains($0) }
        content.components.merge(components) { old, new in old.merging(new) { $1 } }
        save()
    }

    /// Forgets topics that the broker no longer retains.
    mutating func forget(allBut topics: [String]) {
        content.topics = topics
        save()
    }

    private mutating func save() {
        content.topics = content.topics.suffix(Self.limit)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A full disk costs the removal of topics in a later run, no more.
        guard let data = try? encoder.encode(content) else { return }
        try? data.write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
