extension Reference {
    /// Position-sensitive RoI pooling (R-FCN's score maps, Mask R-CNN's RoIAlign, Light-Head R-CNN).
    ///
    /// `regions` is `[4, count, 1]`: left, top, right, bottom in input pixels. The result is `[depth·bins·bins, count,
    /// 1]`; channel `(c·bins + row)·bins + column` pools the same channel of the map over bin (row, column). Corners
    /// are divided by the stride, minus half a cell when aligned; sides are at least a tenth of a cell. Each bin takes
    /// `samples`² bilinear samples at the centres of equal parts. A sample outside [−1, side], or NaN, is zero; others
    /// are clamped to the map.
    static func regionPool(_ map: Tensor, _ regions: Tensor, _ pool: RegionPool) -> Tensor {
        let shape = pool.shape(of: [map.shape, regions.shape])
        let count = shape.height
        return map.mapped(to: shape) { values, output in
            for region in 0..<count {
                let box = (0..<4).map { Double(regions[$0 * count + region]) }
                let rows = BinAxis(box[1], box[3], side: map.shape.height, pool)
                let columns = BinAxis(box[0], box[2], side: map.shape.width, pool)
                for channel in 0..<shape.channels {
                    let bin = channel % (pool.bins * pool.bins)
                    let start = channel * map.shape.area
                    let samples = rows.samples[bin / pool.bins].flatMap { y in
                        columns.samples[bin % pool.bins].map { x in
                            y.blend(stride: map.shape.width) { row in
                                x.blend(stride: 1) { Double(values[start + row + $0]) }
                            }
                        }
                    }
                    output[channel * count + region] = pool.reduction.reduce(samples)
                }
            }
        }
    }
}

extension RegionPool.Reduction {
    fileprivate func reduce(_ samples: [Double]) -> Float {
        switch self {
        case .average: Float(samples.reduce(0, +) / Double(samples.count))
        case .maximum: Float(samples.reduce(-.infinity, max))
        }
    }
}

/// The sample positions along one side of a region, in cells of the map.
private struct BinAxis {
    /// The sample positions of each bin.
    let samples: [[SamplePlace]]

    init(_ low: Double, _ high: Double, side: Int, _ pool: RegionPool) {
        let scale = 1 / Double(pool.stride)
        let start = low * scale - (pool.isAligned ? 0.5 : 0)
        let bin = max((high - low) * scale, 0.1) / Double(pool.bins)
        samples = (0..<pool.bins).map { index in
            (0..<pool.samples).map { part in
                let fraction = (Double(part) + 0.5) / Double(pool.samples)
                return SamplePlace(start + bin * (Double(index) + fraction), side: side)
            }
        }
    }
}

/// A position between two neighbouring cells along one side.
private struct SamplePlace {
    private let low: Int
    private let high: Int
    private let fraction: Double
    private let isInside: Bool

    init(_ place: Double, side: Int) {
        // Written so that a NaN counts as outside.
        isInside = place >= -1 && place <= Double(side)
        let clamped = isInside ? min(max(place, 0), Double(side - 1)) : 0
        low = Int(clamped)
        high = min(low + 1, side - 1)
        fraction = clamped - Double(low)
    }

    /// The value between the two cells; zero outside the map.
    func blend(stride: Int, _ value: (Int) -> Double) -> Double {
        guard isInside else { return 0 }
        return value(low * stride) * (1 - fraction) + value(high * stride) * fraction
    }
}
