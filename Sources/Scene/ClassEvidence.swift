private import Glibc

/// What class a track is, by the scores that its detections gave to classes, fading with time.
///
/// The present class stays until another one has clearly more evidence, so labels do not flicker.
struct ClassEvidence: Sendable {
    private struct Entry {
        var classIndex: Int
        var weight: Double
    }

    /// The class as decided so far.
    private(set) var classIndex: Int
    /// A handful suffices: groups of confused classes are small, and the weakest entry gives way.
    private var entries: InlineArray<4, Entry>

    init(classIndex: Int, score: Float) {
        self.classIndex = classIndex
        entries = InlineArray(repeating: Entry(classIndex: classIndex, weight: 0))
        entries[0].weight = Double(score)
    }

    /// Takes in one detection, `seconds` after the one before.
    mutating func add(
        classIndex seen: Int, score: Float, after seconds: Double, options: TrackerOptions
    ) {
        let keep = exp(-seconds / options.classFading)
        for index in entries.indices { entries[index].weight *= keep }
        entries[place(of: seen)].weight += Double(score)
        let present = weight(of: classIndex)
        let other = weight(of: seen)
        if other > options.classChangeFactor * present { classIndex = seen }
    }

    private func weight(of wanted: Int) -> Double {
        for index in entries.indices where entries[index].classIndex == wanted {
            return entries[index].weight
        }
        return 0
    }

    /// The entry of a class; the weakest one, emptied, when it has none yet.
    private mutating func place(of wanted: Int) -> Int {
        var weakest = 0
        for index in entries.indices {
            if entries[index].classIndex == wanted { return index }
            if entries[index].weight < entries[weakest].weight { weakest = index }
        }
        entries[weakest] = Entry(classIndex: wanted, weight: 0)
        return weakest
    }
}
