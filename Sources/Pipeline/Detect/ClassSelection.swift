internal import Configuration
internal import Scene

/// Which of a model's classes count, and which of them it mixes up.
package struct ClassSelection: Sendable {
    /// Per class, whether it is wanted.
    package let isWanted: [Bool]

    /// Looks the wanted names up among the model's.
    ///
    /// - Throws: A ``RunError`` that names the unknown class and what was probably meant.
    package init(_ wanted: [String], among names: [String]) throws(RunError) {
        for name in wanted where !names.contains(name) {
            throw RunError(.usage, "Class " + NearestWord.message(name, names))
        }
        isWanted = names.map { wanted.isEmpty || wanted.contains($0) }
    }

    /// Classes that detectors take for one another; a track may change between those of one group.
    static func confusable(_ names: [String]) -> [[Int]] {
        let groups = [["car", "truck", "bus", "van"], ["bicycle", "motorcycle"]]
        return groups.map { group in names.indices.filter { group.contains(names[$0]) } }
            .filter { $0.count > 1 }
    }
}
