extension Reference {
    /// Element-wise sum; inputs of one pixel are broadcast.
    static func add(_ inputs: [Tensor], shape: Shape) -> Tensor {
        combined(inputs, shape: shape, start: 0) { $0 + $1 }
    }

    /// Element-wise product of two equal shapes.
    static func multiply(_ a: Tensor, _ b: Tensor) -> Tensor {
        combined([a, b], shape: a.shape, start: 1) { $0 * $1 }
    }

    private static func combined(
        _ inputs: [Tensor], shape: Shape, start: Double, _ combine: (Double, Double) -> Double
    ) -> Tensor {
        var values = [Double](repeating: start, count: shape.count)
        for input in inputs {
            let isSpread = input.count != shape.count
            input.withSpan { input in
                for place in values.indices {
                    let value = input[isSpread ? place / shape.area : place]
                    values[place] = combine(values[place], Double(value))
                }
            }
        }
        return Tensor(shape, values.map { Float($0) })
    }
}
