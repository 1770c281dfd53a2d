import CKernels

/// The weights of a product as the kernels read them: panels of up to three vectors of outputs, each one row
/// per step; outputs padded with zeros to whole or half vectors.
struct PackedProduct: Sendable {
    /// One number of float32, or a group of narrow numbers, in every 32 bits.
    let words: [UInt32]
    /// One number per padded output.
    let bias: [Float]
    /// Padded outputs in half vectors.
    let halves: Int
    /// How inputs are narrowed; nil for float32.
    private(set) var narrowing: Narrowing?

    /// What a product of narrow numbers needs besides.
    struct Narrowing: Sendable {
        let precision: Precision
        /// Groups of inputs in a pixel.
        let steps: Int
        var inverse: Float = 0
        var zero: Float = 0
        /// For each padded output, what its whole sum starts at and what one unit of it is worth.
        var starts: [Int32] = []
        var scales: [Float] = []
    }

    /// Packs the columns of a matrix `[outputs, columns.count or more]`.
    ///
    /// - Parameters:
    ///   - matrix: One row per output.
    ///   - stride: Numbers in a row.
    ///   - columns: Which column stands at each input the kernel meets.
    ///   - bias: One number per output, or nil for zeros.
    ///   - kernels: For whom; where they lack the precision, float32 takes its place.
    ///   - precision: What to compute in.
    init(
        _ matrix: Tensor, stride: Int, columns: [Int], bias: Tensor?, kernels: Kernels,
        precision: ProductPrecision = .float32
    ) {
        let outputs = matrix.count / stride
        let half = kernels.width / 2
        let halves = outputs.roundedUp(to: kernels.padding) / half
        self.halves = halves
        let padded = (halves * half).roundedUp(to: kernels.width)
        self.bias = (bias?.values ?? []).padded(to: padded)
        let rows = (0..<outputs).map { output in
            columns.map { matrix[output * stride + $0] }
        }
        let panels = Self.panels(halves).map { $0.lowerBound * half..<$0.upperBound * half }
        guard let narrow = kernels.narrow(precision.precision),
            columns.count.roundedUp(to: narrow.group) / narrow.group <= narrow.most_steps
        else {
            words = Self.words(rows.map { $0.map(\.bitPattern) }, panels, group: 1)
            return
        }
        let group = narrow.group
        let steps = columns.count.roundedUp(to: group) / group
        var narrowing = Narrowing(precision: precision.precision, steps: steps)
        switch precision {
        case .int8(let range):
            words = Self.words(
                narrowing.quantize(rows, range, offset: narrow.offset, padded: padded),
                panels, group: group)
        default:
            words = Self.words(rows.map { $0.map(\.bfloat16) }, panels, group: group)
        }
        self.narrowing = narrowing
    }

    /// Rows of outputs turned into panels of steps, `group` neighbouring inputs in one word.
    private static func words(
        _ rows: [[UInt32]], _ panels: [Range<Int>], group: Int
    ) -> [UInt32] {
        let inputs = rows.first?.count ?? 0
        let steps = inputs.roundedUp(to: group) / group
        let bits = 32 / group
        let mask = UInt32.max >> (32 - bits)
        var words: [UInt32] = []
        words.reserveCapacity(steps * (panels.last?.upperBound ?? 0))
        for panel in panels {
            for step in 0..<steps {
                for output in panel {
                    guard output < rows.count else {
                        words.append(0)
                        continue
                    }
                    var word: UInt32 = 0
                    for place in 0..<min(group, inputs - step * group) {
                        word |= (rows[output][step * group + place] & mask) << (place * bits)
                    }
                    words.append(word)
                }
            }
        }
        return words
    }

    /// The half vectors of each panel, in the kernels' order.
    private static func panels(_ halves: Int) -> [Range<Int>] {
        var panels: [Range<Int>] = []
        var done = 0
        while done < halves {
            let next = done + ck_panel(halves - done)
            panels.append(done..<next)
            done = next
        }
        return panels
    }
}

extension PackedProduct.Narrowing {
    /// Weights in 8 bits with a scale per output; sets all that the inputs' range and the kernels' offset decide.
    fileprivate mutating func quantize(
        _ rows: [[Float]], _ range: ClosedRange<Float>, offset: Int32, padded: Int
    ) -> [[UInt32]] {
        // Zero must be one of the steps: it is what lies around maps and after rectifications.
        let low = min(range.lowerBound, 0)
        let extent = max(range.upperBound, 0) - low
        let unit = Self.step(extent / 255)
        inverse = 1 / unit
        zero = (-low / unit).rounded()
        var quantized: [[UInt32]] = []
        for row in rows {
            let largest = row.reduce(0) { max($0, abs($1)) }
            let scale = Self.step(largest / 127)
            let whole = row.map { Int32(($0 / scale).rounded()) }
            starts.append((offset - Int32(zero)) * whole.reduce(0, &+))
            scales.append(scale * unit)
            quantized.append(whole.map { UInt32(bitPattern: $0) })
        }
        starts = starts.padded(to: padded)
        scales = scales.padded(to: padded)
        return quantized
    }

    /// A size that numbers can be divided by; 1 for those next to nothing, so that what is as small becomes zero.
    private static func step(_ size: Float) -> Float { size.isNormal ? size : 1 }
}

extension Float {
    /// The upper 16 bits of the number rounded to bfloat16, to even where two are as near.
    var bfloat16: UInt32 {
        guard isFinite else { return bitPattern >> 16 }
        return (bitPattern + 0x7fff + (bitPattern >> 16 & 1)) >> 16
    }
}

extension Array where Element: AdditiveArithmetic {
    /// With zeros at the end.
    fileprivate func padded(to count: Int) -> [Element] {
        self + [Element](repeating: .zero, count: count - self.count)
    }
}

extension DepthwiseLayer {
    /// Packs `[channels, 1, kernel, kernel]` as one row of channels per tap, in the order of the reading.
    init(
        _ reading: ChannelReading, _ window: WindowGeometry, weights: Tensor, bias: Tensor?,
        activation: Activation, width: Int
    ) {
        let taps = window.window.kernel * window.window.kernel
        let stride = reading.paddedCount(width: width)
        var packed = [Float](repeating: 0, count: taps * stride)
        var packedBias = [Float](repeating: 0, count: stride)
        weights.withSpan { weights in
            for (position, channel) in reading.order.enumerated() {
                for tap in 0..<taps {
                    packed[tap * stride + position] = weights[channel * taps + tap]
                }
            }
        }
        if let bias {
            for (position, channel) in reading.order.enumerated() {
                packedBias[position] = bias[channel]
            }
        }
        self.init(
            reading: reading, window: window, weights: packed, weightStride: stride,
            bias: packedBias, activation: activation)
    }
}
