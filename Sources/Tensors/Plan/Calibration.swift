/// Calibration: observes the ranges of GEMM inputs for quantization.
extension Plan {
    /// Runs a network like ``run(network:rows:)`` and extends the range of each GEMM's inputs.
    ///
    /// Slower than a plain run.
    ///
    /// - Parameters:
    ///   - network: Index of the network.
    ///   - rows: Active rows of a network over rows; nil for all.
    ///   - ranges: The ranges of the inputs so far, by the name of the GEMM's node.
    public mutating func observe(
        network: Int = 0, rows: Int? = nil, ranges: inout [String: ClosedRange<Float>]
    ) {
        for index in networkSteps[network] {
            let layer = layers[index]
            let units = min(rows ?? layer.units, layer.units)
            switch layer.kind {
            case .pointwise(let pointwise):
                for range in pointwise.gather.ranges {
                    widen(&ranges[pointwise.name], by: range, pixels: units)
                }
            case .stem(let stem):
                let image = ChannelRange(buffer: stem.image, first: 0, count: 1)
                // An image has no gaps between the channels of its pixels, so each float counts as a pixel.
                widen(&ranges[stem.name], by: image, pixels: buffers[stem.image].floats, stride: 1)
            default: break
            }
            run(step: index, units: units)
        }
    }

    private func widen(
        _ range: inout ClosedRange<Float>?, by channels: ChannelRange, pixels: Int,
        stride: Int? = nil
    ) {
        let buffer = buffers[channels.buffer]
        // SAFETY: the buffer is inside the arena, which the plan owns; nothing writes at the same time.
        let numbers = unsafe Span(
            _unsafeStart: memory.arena + offsets[channels.buffer], count: buffer.floats)
        let stride = stride ?? buffer.layout.pixelStride
        var low = range?.lowerBound ?? 0
        var high = range?.upperBound ?? 0
        for pixel in 0..<pixels {
            for channel in channels.first..<channels.first + channels.count {
                let number = numbers[pixel * stride + channel]
                low = min(low, number)
                high = max(high, number)
            }
        }
        range = low...high
    }
}
