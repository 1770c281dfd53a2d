internal import Configuration
internal import Scene

/// Selection among a model's classes, and groups of classes that it confuses.
package struct ClassSelection: Sendable {
    /// True for each wanted class, by index.
    package let isWanted: [Bool]

    /// Finds the wanted names among the model's; an empty list selects all.
    ///
    /// - Throws: A ``RunError`` that names the unknown class and suggests a known one.
    package init(_ wanted: [String], among names: [String]) throws(RunError) {
        for name in wanted where !names.contains(name) {
            throw RunError(.usage, "Class " + NearestWord.message(name, names))
        }
        isWanted = names.map { wanted.isEmpty || wanted.contains($0) }
    }

    /// Groups of classes that detectors confuse; a track may change its class within a group.
    static func confusable(_ names: [String]) -> [[Int]] {
        let groups = [["car", "truck", "bus", "van"], ["bicycle", "motorcycle"]]
        return groups.map { group in names.indices.filter { group.contains(names[$0]) } }
            .filter { $0.count > 1 }
    }
}
