/// Boxes in blocks of eight SIMD lanes: one candidate is compared with eight boxes at a time.
///
/// Each lane computes the same as `Box.overlap`.
struct BoxBlocks: Sendable {
    private struct Block {
        var left = SIMD8<Float>(repeating: .infinity)
        var top = SIMD8<Float>(repeating: .infinity)
        var right = SIMD8<Float>(repeating: -.infinity)
        var bottom = SIMD8<Float>(repeating: -.infinity)
        var area = SIMD8<Float>(repeating: 0)
        var group = SIMD8<Int32>(repeating: .min)
    }

    private var blocks: [Block] = []
    private(set) var count = 0

    mutating func reserveCapacity(_ count: Int) {
        blocks.reserveCapacity((count + 7) / 8)
    }

    mutating func removeAll() {
        blocks.removeAll(keepingCapacity: true)
        count = 0
    }

    mutating func append(_ box: Box, group: Int) {
        let lane = count % 8
        if lane == 0 { blocks.append(Block()) }
        let last = blocks.count - 1
        blocks[last].left[lane] = box.x
        blocks[last].top[lane] = box.y
        blocks[last].right[lane] = box.right
        blocks[last].bottom[lane] = box.bottom
        blocks[last].area[lane] = box.area
        blocks[last].group[lane] = Int32(truncatingIfNeeded: group)
        count += 1
    }

    /// True when the intersection over union with any box of the same group is greater than `threshold`.
    func anyOverlaps(_ box: Box, group: Int, by threshold: Float) -> Bool {
        let groups = SIMD8(repeating: Int32(truncatingIfNeeded: group))
        let zero = SIMD8<Float>(repeating: 0)
        let right = SIMD8<Float>(repeating: box.right)
        let bottom = SIMD8<Float>(repeating: box.bottom)
        let lowerBound = threshold * 0.999
        for block in blocks {
            let left = maximum(block.left, SIMD8(repeating: box.x))
            let top = maximum(block.top, SIMD8(repeating: box.y))
            let width = maximum(minimum(block.right, right) - left, zero)
            let height = maximum(minimum(block.bottom, bottom) - top, zero)
            let intersection = width * height
            let union = block.area + box.area - intersection
            // Few pairs come near the threshold; the others need no division.
            guard any(intersection .>= union * lowerBound) else { continue }
            let isOver = (intersection / union) .> threshold
            if any(isOver .& (block.group .== groups)) { return true }
        }
        return false
    }
}

/// Lane-wise maximum; the standard library's functions are not inlined into vector instructions.
@inline(__always)
private func maximum(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
    a.replacing(with: b, where: b .> a)
}

@inline(__always)
private func minimum(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
    a.replacing(with: b, where: b .< a)
}
