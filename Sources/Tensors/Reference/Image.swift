extension ImageConversion {
    /// Reference for ``Plan/load(image:slot:_:_:_:at:)``, computed number by number in Double.
    ///
    /// - Parameters:
    ///   - first: Bytes of the first plane.
    ///   - second: Bytes of the second plane; ignored where there is none.
    ///   - third: Bytes of the third plane; ignored where there is none.
    ///   - rows: Locations of the planes' rows.
    ///   - input: An image of three numbers per pixel; the area outside the frame is not changed.
    ///   - origin: Index of the image's first number.
    ///   - rowStride: Floats from row to row of the image.
    public func load(
        _ first: Span<UInt8>, _ second: Span<UInt8>, _ third: Span<UInt8>,
        at rows: InlineArray<3, Rows>, into input: inout MutableSpan<Float>, origin: Int = 0,
        rowStride: Int
    ) {
        for row in 0..<height {
            for column in 0..<width {
                var levels = SIMD3<Double>()
                for index in 0..<3 {
                    let component = components[index]
                    let (plane, rows) = (planes[component.plane], rows[component.plane])
                    let point = (row, column, component.phase)
                    levels[index] =
                        switch component.plane {
                        case 0: plane.level(at: point, first, rows, sampleBytes)
                        case 1: plane.level(at: point, second, rows, sampleBytes)
                        default: plane.level(at: point, third, rows, sampleBytes)
                        }
                }
                let pixel = origin + (top + row) * rowStride + (left + column) * 3
                for channel in 0..<3 { input[pixel + channel] = colors[channel].number(levels) }
            }
        }
    }
}

extension ImageConversion.Plane {
    /// The resized value of a component, by row and column of the result and sample within a column.
    fileprivate func level(
        at point: (row: Int, column: Int, phase: Int), _ bytes: Span<UInt8>,
        _ rows: ImageConversion.Rows, _ sampleBytes: Int
    ) -> Double {
        var sum = 0.0
        for tap in 0..<Int(vertical.count[point.row]) {
            let (y, weight) = vertical.term(tap, of: point.row)
            for tap in 0..<Int(horizontal.count[point.column]) {
                let (x, share) = horizontal.term(tap, of: point.column)
                let at = rows.origin + y * rows.stride + (x * step + point.phase) * sampleBytes
                let upper = sampleBytes == 2 ? 256 * Double(bytes[at + 1]) : 0
                sum += (Double(bytes[at]) + upper) * weight * share
            }
        }
        return sum
    }
}

extension ImageConversion.Axis {
    /// A source position of an output position, and its weight.
    fileprivate func term(_ tap: Int, of output: Int) -> (source: Int, weight: Double) {
        (Int(first[output]) + tap, Double(weights[Int(offset[output]) + tap]))
    }
}

extension ImageConversion.Color {
    fileprivate func number(_ levels: SIMD3<Double>) -> Float {
        let sum = (levels * SIMD3<Double>(factors)).sum() + Double(offset)
        return Float(max(0, min(sum, 255)) * Double(scale) + Double(shift))
    }
}
