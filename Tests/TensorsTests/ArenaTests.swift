import Testing

@testable import Tensors

struct ArenaTests {
    private func buffer(_ floats: Int, _ lifetime: ClosedRange<Int>) -> ActivationBuffer {
        let layout = MapLayout.padded(Shape(channels: 1, height: 1, width: 1), pixelStride: 1)
        return ActivationBuffer(layout: layout, floats: floats, lifetime: lifetime)
    }

    @Test func overlappingLifetimesGetSeparateMemory() {
        var source = NormalSource(seed: 9)
        for _ in 0..<100 {
            let buffers = (0..<40).map { _ in
                let start = Int(source.bits() % 30)
                return buffer(
                    1 + Int(source.bits() % 500), start...(start + Int(source.bits() % 10)))
            }
            let arena = ArenaLayout(buffers)
            for (a, first) in buffers.enumerated() {
                #expect(
                    arena.offsets[a] % 16 == 0 && arena.offsets[a] + first.floats <= arena.count)
                for (b, second) in buffers.enumerated().dropFirst(a + 1)
                where first.lifetime.overlaps(second.lifetime) {
                    let one = arena.offsets[a]..<(arena.offsets[a] + first.floats)
                    let other = arena.offsets[b]..<(arena.offsets[b] + second.floats)
                    #expect(!one.overlaps(other))
                }
            }
        }
    }

    @Test func disjointLifetimesShareMemory() {
        let buffers = [
            buffer(100, 0...1), buffer(100, 2...3), buffer(100, 4...5), buffer(64, 1...2),
        ]
        #expect(ArenaLayout(buffers).count <= 2 * 112)
    }

    @Test func noBuffersNeedNoMemory() {
        #expect(ArenaLayout([]).count == 0)
    }
}
