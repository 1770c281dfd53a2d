import CKernels

/// The weights of a product as the kernels read them: panels of two or three vectors of outputs, each one
/// row per input; outputs padded with zeros to whole vectors.
struct PackedProduct: Sendable {
    let weights: [Float]
    /// One number per padded output.
    let bias: [Float]
    /// Padded outputs in vectors.
    let vectors: Int

    /// Packs the columns of a matrix `[outputs, columns.count or more]`.
    ///
    /// - Parameters:
    ///   - matrix: One row of `stride` numbers per output.
    ///   - columns: Which column stands at each input the kernel meets.
    ///   - bias: One number per output, or nil for zeros.
    ///   - width: Floats in a vector.
    init(_ matrix: Tensor, stride: Int, columns: [Int], bias: Tensor?, width: Int) {
        let outputs = matrix.count / stride
        let vectors = outputs.roundedUp(to: width) / width
        var packed = [Float](repeating: 0, count: columns.count * vectors * width)
        matrix.withSpan { matrix in
            var start = 0
            for panel in Self.panels(vectors) {
                let first = panel.lowerBound * width
                let last = min(panel.upperBound * width, outputs)
                for column in columns {
                    for output in first..<last {
                        packed[start + output - first] = matrix[output * stride + column]
                    }
                    start += panel.count * width
                }
            }
        }
        weights = packed
        self.vectors = vectors
        self.bias = Self.padded(bias, count: vectors * width)
    }

    /// The vectors of each panel, in the kernels' order.
    private static func panels(_ vectors: Int) -> [Range<Int>] {
        var panels: [Range<Int>] = []
        var done = 0
        while done < vectors {
            let next = done + ck_panel(vectors - done)
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
