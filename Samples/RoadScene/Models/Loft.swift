/// Cross-section of a vehicle's body: heights and half widths at one position along it, in metres.
struct Station {
    /// Position along the body; the front is positive.
    var z: Float
    /// Lower edge of the body.
    var sill: Float = 0.24
    /// Height of the belt line, the lower edge of the windows.
    var belt: Float
    /// Height of the roof.
    var top: Float
    /// Half the width at the doors.
    var half: Float
    /// Half the width at the top.
    var topHalf: Float
    /// Material of the sides above the belt, up to the next station.
    var side: Material = .paint
    /// Material of the roof, up to the next station.
    var cover: Material = .paint
}

extension Mesh {
    /// Adds a body that interpolates its cross-sections, rear first.
    mutating func loft(_ stations: [Station], rear: Material = .paint, front: Material = .paint) {
        let rings = stations.map(\.ring)
        for (index, station) in stations.dropLast().enumerated() {
            for strip in 0..<rings[index].count - 1 {
                polygon(
                    [
                        rings[index][strip], rings[index][strip + 1],
                        rings[index + 1][strip + 1], rings[index + 1][strip],
                    ], station.material(ofStrip: strip))
            }
        }
        if let first = rings.first { polygon(first, rear) }
        if let last = rings.last { polygon(last, front) }
    }
}

extension Station {
    /// Outline from the right sill over the roof to the left sill: 13 points.
    fileprivate var ring: [Vector] {
        let edge = min(0.07, max(0.01, (top - belt) * 0.3))
        let right: [SIMD2<Float>] = [
            SIMD2(half * 0.93, sill), SIMD2(half * 0.985, sill + 0.12),
            SIMD2(half, mixedHeight), SIMD2(half * 0.975, belt),
            SIMD2(topHalf, top - edge), SIMD2(max(0.02, topHalf - edge * 1.6), top),
        ]
        let middle = SIMD2(0, top + 0.025 * min(1, topHalf))
        let points = right + [middle] + right.reversed().map { SIMD2(-$0.x, $0.y) }
        return points.map { Vector($0.x, $0.y, z) }
    }

    private var mixedHeight: Float { sill + (belt - sill) * 0.62 }

    /// Material of a strip, counted from the right sill: sill, door, shoulder, window, roof edge, roof, and back.
    fileprivate func material(ofStrip strip: Int) -> Material {
        switch min(strip, 11 - strip) {
        case 0: .darkPlastic
        case 1, 2: .paint
        case 3: side
        case 4: side == .glass || cover == .glass ? .paint : cover
        default: cover
        }
    }
}
