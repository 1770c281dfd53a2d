extension Reference {
    /// A convolution with groups; a depthwise layer has as many groups as channels.
    ///
    /// `weight` is `[outputs, inputs/groups, kernel, kernel]`, `bias` `[outputs]` or nil for zeros. Padding is zero.
    static func convolution(
        _ x: Tensor, _ convolution: Convolution, weight: Tensor, bias: Tensor? = nil
    ) -> Tensor {
        let shape = convolution.shape(of: x.shape)
        let plane = ConvolutionPlane(convolution, input: x.shape, output: shape)
        return x.mapped(to: shape) { input, output in
            weight.withSpan { weight in
                var sums = [Double](repeating: 0, count: shape.area)
                for channel in 0..<shape.channels {
                    let start = Double(bias?[channel] ?? 0)
                    for place in sums.indices { sums[place] = start }
                    var span = sums.mutableSpan
                    plane.add(channel, of: input, weight, to: &span)
                    for place in span.indices {
                        output[channel * shape.area + place] = Float(span[place])
                    }
                }
            }
        }
    }
}

/// The sums of one output channel.
private struct ConvolutionPlane {
    let convolution: Convolution
    let input: Shape
    let output: Shape
    /// Input channels per output channel.
    let depth: Int

    init(_ convolution: Convolution, input: Shape, output: Shape) {
        self.convolution = convolution
        self.input = input
        self.output = output
        depth = input.channels / convolution.groups
    }

    func add(
        _ channel: Int, of values: Span<Float>, _ weight: Span<Float>,
        to sums: inout MutableSpan<Double>
    ) {
        let kernel = convolution.kernel
        let group = channel / (convolution.outputs / convolution.groups)
        for index in 0..<depth {
            let plane = (group * depth + index) * input.area
            for row in 0..<kernel {
                for column in 0..<kernel {
                    let place = ((channel * depth + index) * kernel + row) * kernel + column
                    addTap(row, column, Double(weight[place]), values, plane: plane, to: &sums)
                }
            }
        }
    }

    /// Adds one weight times the overlapping part of one input plane.
    private func addTap(
        _ row: Int, _ column: Int, _ factor: Double, _ values: Span<Float>, plane: Int,
        to sums: inout MutableSpan<Double>
    ) {
        let step = convolution.stride
        let rows = places(meeting: row, input: input.height, output: output.height)
        let columns = places(meeting: column, input: input.width, output: output.width)
        guard !columns.isEmpty else { return }
        let left = columns.lowerBound * step + column - convolution.padding
        for y in rows {
            let line = plane + (y * step + row - convolution.padding) * input.width
            addScaled(
                values, from: line + left, step: step, factor: factor,
                to: &sums, at: y * output.width + columns.lowerBound, count: columns.count)
        }
    }

    /// Output positions whose tap at `offset` is inside the input.
    private func places(meeting offset: Int, input: Int, output: Int) -> Range<Int> {
        let shift = convolution.padding - offset
        let step = convolution.stride
        let first = shift > 0 ? (shift + step - 1) / step : 0
        let last = input - 1 + shift
        let end = last < 0 ? 0 : min(output, last / step + 1)
        return first < end ? first..<end : 0..<0
    }
}

/// Computes sums[at + i] += factor · values[from + i·step], the hot loop of the reference kernels.
private func addScaled(
    _ values: Span<Float>, from: Int, step: Int, factor: Double,
    to sums: inout MutableSpan<Double>, at: Int, count: Int
) {
    precondition(count > 0 && step > 0 && from >= 0 && at >= 0)
    precondition(from + (count - 1) * step < values.count && at + count <= sums.count)
    // SAFETY: every index lies between those that were just checked. Without checks inside, the compiler vectorizes the
    // first loop.
    if step == 1 {
        for i in 0..<count {
            unsafe sums[unchecked: at + i] += factor * Double(values[unchecked: from + i])
        }
    } else {
        for i in 0..<count {
            unsafe sums[unchecked: at + i] += factor * Double(values[unchecked: from + i * step])
        }
    }
}
