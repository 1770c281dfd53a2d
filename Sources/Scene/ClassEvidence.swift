private import Glibc

/// Class of a track, decided by an exponentially decaying sum of detection scores for each class.
///
/// The class changes only when another one has clearly more evidence, so labels do not flicker.
struct ClassEvidence: Sendable {
    private struct Entry {
        var classIndex: Int
        var weight: Double
    }

    /// Index of the decided class.
    private(set) var classIndex: Int
    /// Evidence of up to four classes; a new class replaces the weakest entry.
    private var entries: InlineArray<4, Entry>

    init(classIndex: Int, score: Float) {
        self.classIndex = classIndex
        entries = InlineArray(repeating: Entry(classIndex: classIndex, weight: 0))
        entries[0].weight = Double(score)
    }

    /// Adds one detection, `seconds` after the previous one.
    mutating func add(
        classIndex seen: Int, score: Float, after seconds: Double, options: TrackerOptions
    ) {
        let decay = exp(-seconds / options.classTimeConstant)
        for index in entries.indices { entries[index].weight *= decay }
        entries[entryIndex(of: seen)].weight += Double(score)
        let present = weight(of: classIndex)
        let other = weight(of: seen)
        if other > options.classChangeFactor * present { classIndex = seen }
    }

    private func weight(of target: Int) -> Double {
        for index in entries.indices where entries[index].classIndex == target {
            return entries[index].weight
        }
        return 0
    }

    /// Index of a class's entry; replaces the weakest entry when the class has none.
    private mutating func entryIndex(of target: Int) -> Int {
        var weakest = 0
        for index in entries.indices {
            if entries[index].classIndex == target { return index }
            if entries[index].weight < entries[weakest].weight { weakest = index }
        }
        entries[weakest] = Entry(classIndex: target, weight: 0)
        return weakest
    }
}
