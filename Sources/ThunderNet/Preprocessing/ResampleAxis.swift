/// One direction of an 8-bit bilinear resize, as OpenCV computes it (`INTER_LINEAR`, fixed point of 11 bits).
///
/// Output `i` is the weighted sum of the source positions `near[i]` and `far[i]`, in 2048ths.
struct LinearAxis: Sendable {
    static let one: Float = 2048

    private(set) var near: [Int32] = []
    private(set) var far: [Int32] = []
    private(set) var nearWeight: [Int32] = []
    private(set) var farWeight: [Int32] = []

    /// Creates an axis from `source` to `target` pixels.
    ///
    /// - Parameters:
    ///   - source: Pixels of the source.
    ///   - target: Pixels of the result.
    ///   - isArea: True for OpenCV's variant for area averaging of images one side of which grows.
    ///   - clampsWeights: True for rows, where OpenCV gives the border pixel all weight; false for columns, where
    ///     it only clamps indices.
    init(from source: Int, to target: Int, isArea: Bool, clampsWeights: Bool) {
        let last = source - 1
        for output in 0..<target {
            var (index, fraction) = Self.position(output, source, target, isArea: isArea)
            if clampsWeights && (index < 0 || index >= last) {
                (index, fraction) = (max(0, min(index, last)), 0)
            }
            near.append(Int32(max(0, min(index, last))))
            far.append(Int32(max(0, min(index + 1, last))))
            nearWeight.append(Self.weight(1 - fraction))
            farWeight.append(Self.weight(fraction))
        }
    }

    private static func weight(_ fraction: Float) -> Int32 {
        Int32((fraction * one).rounded(.toNearestOrEven))
    }

    /// The source position at or before the centre of an output, and the distance of the centre from it.
    private static func position(
        _ output: Int, _ source: Int, _ target: Int, isArea: Bool
    ) -> (index: Int, fraction: Float) {
        let inverse = Double(target) / Double(source)
        let scale = 1 / inverse
        if isArea {
            let index = (Double(output) * scale).rounded(.down)
            let fraction = Float(Double(output + 1) - (index + 1) * inverse)
            return (Int(index), fraction <= 0 ? 0 : fraction - fraction.rounded(.down))
        }
        let middle = Float((Double(output) + 0.5) * scale - 0.5)
        let index = middle.rounded(.down)
        return (Int(index), middle - index)
    }
}

/// One direction of an 8-bit area-averaging shrink, as OpenCV computes it (`INTER_AREA`, float weights).
///
/// Output `i` is the weighted sum of the source positions `first[i]..<first[i] + count[i]`. Its weights begin at index
/// `offset[i]`.
struct AreaAxis: Sendable {
    private(set) var first: [Int32] = []
    private(set) var count: [Int32] = []
    private(set) var offset: [Int32] = []
    private(set) var weights: [Float] = []

    /// Creates an axis from `source` to `target` pixels; `target` does not exceed `source`.
    init(from source: Int, to target: Int) {
        let scale = 1 / (Double(target) / Double(source))
        for output in 0..<target { append(output, source: source, scale: scale) }
    }

    private mutating func append(_ output: Int, source: Int, scale: Double) {
        /// OpenCV ignores smaller overlaps.
        let nothing = 1e-3
        let start = Double(output) * scale
        let end = start + scale
        let cell = min(scale, Double(source) - start)
        let afterWhole = min(Int(end.rounded(.down)), source - 1)
        let firstWhole = min(Int(start.rounded(.up)), afterWhole)
        let lead = Double(firstWhole) - start
        let trail = end - Double(afterWhole)
        offset.append(Int32(weights.count))
        first.append(Int32(lead > nothing ? firstWhole - 1 : firstWhole))
        if lead > nothing { weights.append(Float(lead / cell)) }
        weights.append(contentsOf: repeatElement(Float(1 / cell), count: afterWhole - firstWhole))
        if trail > nothing { weights.append(Float(min(min(trail, 1), cell) / cell)) }
        count.append(Int32(weights.count) - offset[output])
    }
}
