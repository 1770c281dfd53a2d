/// Where each slab of a plan stands in one piece of memory: slabs that never live together may share it.
struct ArenaLayout: Hashable, Sendable {
    /// The first float of each slab.
    let offsets: [Int]
    /// Floats in all.
    let count: Int

    /// Floats in a cache line; slabs start on one.
    private static let line = 16

    /// Places slabs, the largest first, each at the lowest place that is free during its life.
    init(_ slabs: [Slab]) {
        var offsets = [Int](repeating: 0, count: slabs.count)
        var placed: [Int] = []
        let order = slabs.indices.sorted {
            (slabs[$1].floats, $0) < (slabs[$0].floats, $1)
        }
        for index in order {
            let taken = placed.filter { slabs[$0].lifetime.overlaps(slabs[index].lifetime) }
                .map { offsets[$0]..<(offsets[$0] + slabs[$0].floats) }
            offsets[index] = Self.gap(for: slabs[index].floats, among: taken)
            placed.append(index)
        }
        self.offsets = offsets
        count = slabs.indices.map { offsets[$0] + slabs[$0].floats }.max() ?? 0
    }

    /// The lowest start at which `floats` fit between what is taken.
    private static func gap(for floats: Int, among taken: [Range<Int>]) -> Int {
        var start = 0
        for range in taken.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if start + floats <= range.lowerBound { break }
            start = max(start, range.upperBound.roundedUp(to: line))
        }
        return start
    }
}
