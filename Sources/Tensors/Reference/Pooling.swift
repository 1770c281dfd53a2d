extension Reference {
    /// Max pooling; padding counts as −∞, and the result for NaN is unspecified.
    static func maxPool(_ x: Tensor, _ window: Window) -> Tensor {
        pool(x, window) { values in values.reduce(-Double.infinity, Swift.max) }
    }

    /// Average pooling; padding counts as zeros, so the divisor is always the whole window.
    static func averagePool(_ x: Tensor, _ window: Window) -> Tensor {
        let places = Double(window.kernel * window.kernel)
        return pool(x, window) { values in values.reduce(0, +) / places }
    }

    /// Global average pooling.
    static func globalAverage(_ x: Tensor) -> Tensor {
        let shape = x.shape
        return x.mapped(to: Shape(channels: shape.channels, height: 1, width: 1)) { input, output in
            for channel in 0..<shape.channels {
                let plane = channel * shape.area..<(channel + 1) * shape.area
                output[channel] = Float(
                    plane.reduce(0.0) { $0 + Double(input[$1]) } / Double(shape.area))
            }
        }
    }

    /// Reduces the values of each window inside the map.
    private static func pool(
        _ x: Tensor, _ window: Window, _ reduce: ([Double]) -> Double
    ) -> Tensor {
        let (from, to) = (x.shape, window.shape(of: x.shape))
        return x.mapped(to: to) { input, output in
            var values: [Double] = []
            for channel in 0..<to.channels {
                for row in 0..<to.height {
                    for column in 0..<to.width {
                        values.removeAll(keepingCapacity: true)
                        for y in window.span(at: row, of: from.height) {
                            for x in window.span(at: column, of: from.width) {
                                let place = (channel * from.height + y) * from.width + x
                                values.append(Double(input[place]))
                            }
                        }
                        output[(channel * to.height + row) * to.width + column] = Float(
                            reduce(values))
                    }
                }
            }
        }
    }
}

extension Window {
    /// The input positions of a window along one side.
    fileprivate func span(at output: Int, of side: Int) -> Range<Int> {
        let start = output * stride - padding
        return max(start, 0)..<max(0, start, min(start + kernel, side))
    }
}
