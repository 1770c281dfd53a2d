import CKernels

/// The weights of a GEMM in the order of the kernels: panels of up to three vectors of outputs, each one row per step.
///
/// Outputs are padded with zeros to whole or half vectors.
struct PackedWeights: Sendable {
    /// One float32 weight, or a group of low-precision weights, per word.
    let words: [UInt32]
    /// One bias per padded output.
    let bias: [Float]
    /// Padded outputs in half vectors.
    let halfVectors: Int
    /// Parameters of a low-precision GEMM; nil for float32.
    private(set) var lowPrecision: LowPrecision?

    /// Parameters of a low-precision GEMM.
    struct LowPrecision: Sendable {
        let precision: Precision
        /// Groups of inputs in a pixel.
        let steps: Int
        /// Reciprocal of the inputs' quantization step, and their zero point.
        var inverse: Float = 0
        var zero: Float = 0
        /// Start of the integer sum of each padded output, and the value of one unit of it.
        var starts: [Int32] = []
        var scales: [Float] = []
    }

    /// Packs the columns of a matrix `[outputs, columns.count or more]`.
    ///
    /// - Parameters:
    ///   - matrix: One row per output.
    ///   - stride: Columns of a row.
    ///   - columns: The column of each input, in the order in which the kernel reads them.
    ///   - bias: One number per output, or nil for zeros.
    ///   - kernels: The kernels; where they lack the precision, float32 is used.
    ///   - precision: The precision of the operands.
    init(
        _ matrix: Tensor, stride: Int, columns: [Int], bias: Tensor?, kernels: Kernels,
        precision: LayerPrecision = .float32
    ) {
        let outputs = matrix.count / stride
        let half = kernels.width / 2
        halfVectors = outputs.roundedUp(to: kernels.padding) / half
        let padded = (halfVectors * half).roundedUp(to: kernels.width)
        self.bias = (bias?.values ?? []).padded(to: padded)
        let rows = (0..<outputs).map { output in
            columns.map { matrix[output * stride + $0] }
        }
        let panels = Self.panels(halfVectors).map { $0.lowerBound * half..<$0.upperBound * half }
        guard let lowp = kernels.lowPrecision(precision.precision),
            case let steps = columns.count.roundedUp(to: lowp.group) / lowp.group,
            steps <= lowp.most_steps
        else {
            words = Self.words(rows.map { $0.map(\.bitPattern) }, panels, group: 1)
            return
        }
        var lowPrecision = LowPrecision(precision: precision.precision, steps: steps)
        let quantized = lowPrecision.words(of: rows, precision, offset: lowp.offset, padded: padded)
        words = Self.words(quantized, panels, group: lowp.group)
        self.lowPrecision = lowPrecision
    }

    /// Packs rows of outputs into panels of steps, `group` neighbouring inputs in one word.
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
                    for lane in 0..<min(group, inputs - step * group) {
                        word |= (rows[output][step * group + lane] & mask) << (lane * bits)
                    }
                    words.append(word)
                }
            }
        }
        return words
    }

    /// The half vectors of each panel, in the order of the kernels.
    private static func panels(_ halfVectors: Int) -> [Range<Int>] {
        var panels: [Range<Int>] = []
        var done = 0
        while done < halfVectors {
            let next = done + ck_panel(halfVectors - done)
            panels.append(done..<next)
            done = next
        }
        return panels
    }
}

extension PackedWeights.LowPrecision {
    /// Bits of the weights in the precision; sets the parameters that it needs.
    fileprivate mutating func words(
        of rows: [[Float]], _ precision: LayerPrecision, offset: Int32, padded: Int
    ) -> [[UInt32]] {
        switch precision {
        case .int8(let range): quantize(rows, range, offset: offset, padded: padded)
        default: rows.map { $0.map(\.bfloat16) }
        }
    }

    /// Quantizes weights to 8 bits with one scale per output, and sets the parameters for the inputs' range.
    private mutating func quantize(
        _ rows: [[Float]], _ range: ClosedRange<Float>, offset: Int32, padded: Int
    ) -> [[UInt32]] {
        // Zero must be representable: padding and ReLU produce it.
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

    /// A quantization step that is safe to divide by; 1 for subnormal sizes, so that such values become zero.
    private static func step(_ size: Float) -> Float { size.isNormal ? size : 1 }
}

extension Float {
    /// Bits of the number rounded to bfloat16, ties to even.
    var bfloat16: UInt32 {
        guard isFinite else { return bitPattern >> 16 }
        return (bitPattern + 0x7fff + (bitPattern >> 16 & 1)) >> 16
    }
}

extension Array where Element: AdditiveArithmetic {
    /// The array padded with zeros.
    fileprivate func padded(to count: Int) -> [Element] {
        self + [Element](repeating: .zero, count: count - self.count)
    }
}

extension DepthwiseLayer {
    /// Packs `[channels, 1, kernel, kernel]` as one row of channels per tap, in the order of the gather.
    init(
        _ gather: ChannelGather, _ window: WindowGeometry, weights: Tensor, bias: Tensor?,
        activation: Activation, width: Int
    ) {
        let taps = window.window.kernel * window.window.kernel
        let stride = gather.paddedCount(width: width)
        var packed = [Float](repeating: 0, count: taps * stride)
        var packedBias = [Float](repeating: 0, count: stride)
        weights.withSpan { weights in
            for (position, channel) in gather.order.enumerated() {
                for tap in 0..<taps {
                    packed[tap * stride + position] = weights[channel * taps + tap]
                }
            }
        }
        if let bias {
            for (position, channel) in gather.order.enumerated() {
                packedBias[position] = bias[channel]
            }
        }
        self.init(
            gather: gather, window: window, weights: packed, weightStride: stride,
            bias: packedBias, activation: activation)
    }
}
