import Testing

@testable import Tensors

struct ArenaTests {
    private func slab(_ floats: Int, _ lifetime: ClosedRange<Int>) -> Slab {
        let layout = MapLayout.padded(Shape(channels: 1, height: 1, width: 1), pixelStride: 1)
        return Slab(layout: layout, floats: floats, lifetime: lifetime)
    }

    @Test func slabsThatLiveTogetherStandApart() {
        var source = NormalSource(seed: 9)
        for _ in 0..<100 {
            let slabs = (0..<40).map { _ in
                let start = Int(source.bits() % 30)
                return slab(
                    1 + Int(source.bits() % 500), start...(start + Int(source.bits() % 10)))
            }
            let arena = ArenaLayout(slabs)
            for (a, first) in slabs.enumerated() {
                #expect(
                    arena.offsets[a] % 16 == 0 && arena.offsets[a] + first.floats <= arena.count)
                for (b, second) in slabs.enumerated().dropFirst(a + 1)
                where first.lifetime.overlaps(second.lifetime) {
                    let one = arena.offsets[a]..<(arena.offsets[a] + first.floats)
                    let other = arena.offsets[b]..<(arena.offsets[b] + second.floats)
                    #expect(!one.overlaps(other))
                }
            }
        }
    }

    @Test func slabsThatFollowEachOtherShareMemory() {
        let slabs = [slab(100, 0...1), slab(100, 2...3), slab(100, 4...5), slab(64, 1...2)]
        #expect(ArenaLayout(slabs).count <= 2 * 112)
    }

    @Test func noSlabsNeedNoMemory() {
        #expect(ArenaLayout([]).count == 0)
    }
}
