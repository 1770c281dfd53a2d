import CKernels

/// The weights of a product as the kernels read them: panels of up to three vectors of outputs, each one row
/// per input; outputs padded with zeros to whole or half vectors.
struct PackedProduct: Sendable {
    let weights: [Float]
    /// One number per padded output.
    let bias: [Float]
    /// Padded outputs in half vectors.
    let halves: Int

    /// Packs the columns of a matrix `[outputs, columns.count or more]`.
    ///
    /// - Parameters:
    ///   - matrix: One row per output.
    ///   - stride: Numbers in a row.
    ///   - columns: Which column stands at each input the kernel meets.
    ///   - bias: One number per output, or nil for zeros.
    ///   - kernels: For whom.
    init(_ matrix: Tensor, stride: Int, columns: [Int], bias: Tensor?, kernels: Kernels) {
        let outputs = matrix.count / stride
        let half = kernels.width / 2
        let halves = outputs.roundedUp(to: kernels.padding) / half
        var packed = [Float](repeating: 0, count: columns.count * halves * half)
        matrix.withSpan { matrix in
            var start = 0
            for panel in Self.panels(halves) {
                let first = panel.lowerBound * half
                let last = min(panel.upperBound * half, outputs)
                for column in columns {
                    for output in first..<last {
                        packed[start + output - first] = matrix[output * stride + column]
                    }
                    start += panel.count * half
                }
            }
        }
        weights = packed
        self.halves = halves
        self.bias = Self.padded(bias, count: (halves * half).roundedUp(to: kernels.width))
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

    private static func padded(_ bias: Tensor?, count: Int) -> [Float] {
        let values = bias?.values ?? []
        return values + [Float](repeating: 0, count: count - values.count)
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
