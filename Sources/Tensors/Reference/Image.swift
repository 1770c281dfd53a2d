extension ImageConversion {
    /// What ``Plan/load(image:slot:_:_:_:at:)`` does, number by number in Double: the measure of what is right.
    ///
    /// - Parameters:
    ///   - first: The bytes of the first plane.
    ///   - second: Those of the second; anything where there is none.
    ///   - third: Those of the third; anything where there is none.
    ///   - places: Where the planes' rows begin.
    ///   - input: An image of three numbers a pixel; those outside the picture stay as they are.
    ///   - origin: Place of the image's first number.
    ///   - rowStride: From one row of the image to the next.
    public func load(
        _ first: Span<UInt8>, _ second: Span<UInt8>, _ third: Span<UInt8>,
        at places: InlineArray<3, Place>, into input: inout MutableSpan<Float>, origin: Int = 0,
        rowStride: Int
    ) {
        for row in 0..<height {
            for column in 0..<width {
                var levels = SIMD3<Double>()
                for index in 0..<3 {
                    let component = components[index]
                    let (plane, place) = (planes[component.plane], places[component.plane])
                    let point = (row, column, component.phase)
                    levels[index] =
                        switch component.plane {
                        case 0: plane.level(at: point, first, place, sampleBytes)
                        case 1: plane.level(at: point, second, place, sampleBytes)
                        default: plane.level(at: point, third, place, sampleBytes)
                        }
                }
                let pixel = origin + (top + row) * rowStride + (left + column) * 3
                for channel in 0..<3 { input[pixel + channel] = colors[channel].number(levels) }
            }
        }
    }
}

extension ImageConversion.Plane {
    /// A component (row and column of the result, sample of a source column) of a plane.
    fileprivate func level(
        at point: (row: Int, column: Int, phase: Int), _ bytes: Span<UInt8>,
        _ place: ImageConversion.Place, _ sampleBytes: Int
    ) -> Double {
        var sum = 0.0
        for tap in 0..<Int(vertical.count[point.row]) {
            let (y, weight) = vertical.term(tap, of: point.row)
            for tap in 0..<Int(horizontal.count[point.column]) {
                let (x, share) = horizontal.term(tap, of: point.column)
                let at = place.origin + y * place.stride + (x * step + point.phase) * sampleBytes
                let upper = sampleBytes == 2 ? 256 * Double(bytes[at + 1]) : 0
                sum += (Double(bytes[at]) + upper) * weight * share
            }
        }
        return sum
    }
}

extension ImageConversion.Axis {
    /// A source place of a place of the result, and its weight.
    fileprivate func term(_ tap: Int, of place: Int) -> (place: Int, weight: Double) {
        (Int(first[place]) + tap, Double(weights[Int(offset[place]) + tap]))
    }
}

extension ImageConversion.Color {
    fileprivate func number(_ levels: SIMD3<Double>) -> Float {
        let sum = (levels * SIMD3<Double>(factors)).sum() + Double(offset)
        return Float(max(0, min(sum, 255)) * Double(scale) + Double(shift))
    }
}
