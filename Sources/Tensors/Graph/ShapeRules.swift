/// Shape inference and checks of operations.
extension Operation {
    /// Shape of the result.
    ///
    /// Stops the program when the inputs do not fit: graphs are built in code and never read from a file.
    public func shape(of inputs: [Shape]) -> Shape {
        switch self {
        case .input:
            preconditionFailure("an input's shape is given, not derived")
        case .convolution(let convolution):
            return convolution.shape(of: only(inputs))
        case .normalization, .relu, .sigmoid:
            return only(inputs)
        case .maxPool(let window), .averagePool(let window):
            precondition(window.padding < window.kernel, "the padding is smaller than the window")
            return window.shape(of: only(inputs))
        case .globalAverage:
            return Shape(channels: only(inputs).channels, height: 1, width: 1)
        case .upsample:
            precondition(inputs.count == 2, "upsampling takes a map and a map of the target size")
            return Shape(
                channels: inputs[0].channels, height: inputs[1].height, width: inputs[1].width)
        case .slice(let range):
            let input = only(inputs)
            precondition(
                range.lowerBound >= 0 && range.upperBound <= input.channels,
                "the slice is inside its input")
            return Shape(channels: range.count, height: input.height, width: input.width)
        case .concatenation:
            return concatenated(inputs)
        case .shuffle(let groups):
            precondition(
                groups > 0 && only(inputs).channels % groups == 0, "groups must divide the channels"
            )
            return only(inputs)
        case .add:
            return sum(inputs)
        case .multiply:
            precondition(
                inputs.count == 2 && inputs[0] == inputs[1], "both factors have equal shapes")
            return inputs[0]
        case .dense(let outputs):
            let input = only(inputs)
            return Shape(channels: outputs, height: input.height, width: input.width)
        case .regionPool(let pooling):
            return pooling.shape(of: inputs)
        }
    }

    private func only(_ inputs: [Shape]) -> Shape {
        precondition(inputs.count == 1, "one input is expected")
        return inputs[0]
    }

    private func concatenated(_ inputs: [Shape]) -> Shape {
        precondition(!inputs.isEmpty, "nothing to concatenate")
        precondition(
            inputs.allSatisfy { $0.height == inputs[0].height && $0.width == inputs[0].width },
            "concatenated maps have equal heights and widths")
        return Shape(
            channels: inputs.reduce(0) { $0 + $1.channels }, height: inputs[0].height,
            width: inputs[0].width)
    }

    private func sum(_ inputs: [Shape]) -> Shape {
        guard let largest = inputs.max(by: { $0.area < $1.area }) else {
            preconditionFailure("nothing to add")
        }
        precondition(
            inputs.allSatisfy {
                $0 == largest || ($0.channels == largest.channels && $0.area == 1)
            },
            "summands have equal shapes or a single pixel")
        return largest
    }
}

extension Convolution {
    func shape(of input: Shape) -> Shape {
        precondition(
            groups > 0 && input.channels % groups == 0 && outputs % groups == 0,
            "groups must divide the channels on both sides")
        let window = Window(kernel: kernel, stride: stride, padding: padding)
        var result = window.shape(of: input)
        result.channels = outputs
        return result
    }
}

extension Window {
    func shape(of input: Shape) -> Shape {
        precondition(
            kernel > 0 && stride > 0 && padding >= 0,
            "kernel and stride are positive, padding is not negative")
        func outputs(_ side: Int) -> Int {
            precondition(side + 2 * padding >= kernel, "the window fits the padded input")
            return (side + 2 * padding - kernel) / stride + 1
        }
        return Shape(
            channels: input.channels, height: outputs(input.height), width: outputs(input.width))
    }
}

extension RegionPool {
    func shape(of inputs: [Shape]) -> Shape {
        precondition(inputs.count == 2, "pooling takes a map and regions")
        precondition(inputs[0].channels == depth * bins * bins, "one channel per bin and depth")
        precondition(inputs[1].channels == 4 && inputs[1].width == 1, "regions have four corners")
        return Shape(channels: depth * bins * bins, height: inputs[1].height, width: 1)
    }
}
