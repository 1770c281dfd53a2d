/// Observing what products are fed, so that their inputs can be narrowed.
extension Plan {
    /// Runs a network like ``run(stage:rows:)`` and widens, for each product, the range of the numbers it read.
    ///
    /// For calibration; it is slower than a plain run.
    ///
    /// - Parameters:
    ///   - stage: Which network.
    ///   - rows: For a network over rows: how many of them count; nil for all.
    ///   - ranges: By the name of the product's node, what was read so far.
    public mutating func observe(
        stage: Int = 0, rows: Int? = nil, ranges: inout [String: ClosedRange<Float>]
    ) {
        for index in stages[stage] {
            let layer = layers[index]
            let units = min(rows ?? layer.units, layer.units)
            switch layer.kind {
            case .pointwise(let product):
                for range in product.reading.ranges {
                    widen(&ranges[product.name], by: range, pixels: units)
                }
            case .stem(let stem):
                let image = ChannelRange(slab: stem.image, first: 0, count: 1)
                // An image has no gaps between its pixels' channels, so each number is a pixel.
                widen(&ranges[stem.name], by: image, pixels: slabs[stem.image].floats, stride: 1)
            default: break
            }
            run(step: index, units: units)
        }
    }

    private func widen(
        _ range: inout ClosedRange<Float>?, by channels: ChannelRange, pixels: Int,
        stride: Int? = nil
    ) {
        let slab = slabs[channels.slab]
        // SAFETY: the slab lies inside the arena, which the plan owns; nothing writes meanwhile.
        let numbers = unsafe Span(
            _unsafeStart: memory.arena + offsets[channels.slab], count: slab.floats)
        let stride = stride ?? slab.layout.pixelStride
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
