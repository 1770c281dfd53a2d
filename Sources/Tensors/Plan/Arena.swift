/// The allocate pass: offsets of activation buffers in one block of memory.
///
/// Buffers with disjoint lifetimes share it.
struct ArenaLayout: Hashable, Sendable {
    /// The first float of each buffer.
    let offsets: [Int]
    /// Size of the arena in floats.
    let count: Int

    /// Floats in a cache line, the alignment of buffers.
    private static let line = 16

    /// Places buffers, the largest first, each at the lowest offset that is free during its lifetime.
    init(_ buffers: [ActivationBuffer]) {
        var offsets = [Int](repeating: 0, count: buffers.count)
        var placed: [Int] = []
        let order = buffers.indices.sorted {
            (buffers[$1].floats, $0) < (buffers[$0].floats, $1)
        }
        for index in order {
            let taken = placed.filter { buffers[$0].lifetime.overlaps(buffers[index].lifetime) }
                .map { offsets[$0]..<(offsets[$0] + buffers[$0].floats) }
            offsets[index] = Self.gap(for: buffers[index].floats, among: taken)
            placed.append(index)
        }
        self.offsets = offsets
        count = buffers.indices.map { offsets[$0] + buffers[$0].floats }.max() ?? 0
    }

    /// The lowest offset at which `floats` fit between the taken ranges.
    private static func gap(for floats: Int, among taken: [Range<Int>]) -> Int {
        var start = 0
        for range in taken.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if start + floats <= range.lowerBound { break }
            start = max(start, range.upperBound.roundedUp(to: line))
        }
        return start
    }
}
