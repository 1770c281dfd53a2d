import CKernels
import Testing

@testable import Tensors

struct DepthwiseTests {
    @Test(arguments: KernelSet.available, [3, 5])
    func everySmallMapMatchesPlainSums(kernels: KernelSet, kernel: Int) {
        for stride in 1...2 {
            for side in 1...14 {
                check(kernels, [5], height: side, width: 15 - side, kernel, stride, kernel / 2)
            }
            check(kernels, [9], height: 3, width: 40, kernel, stride, kernel / 2)
        }
    }

    @Test(arguments: KernelSet.available)
    func inputsFromSeveralRangesMatchPlainSums(kernels: KernelSet) {
        for counts in [[16], [17], [30, 15, 8, 7], [1, 1, 33], [3, 64, 2]] {
            check(kernels, counts, height: 6, width: 11, 5, 1, 2)
            check(kernels, counts, height: 7, width: 13, 5, 2, 2)
        }
    }

    @Test(arguments: KernelSet.available)
    func unusualWindowsMatchPlainSums(kernels: KernelSet) {
        check(kernels, [10], height: 9, width: 8, 7, 1, 3)
        check(kernels, [10], height: 9, width: 8, 1, 1, 0)
        check(kernels, [10], height: 9, width: 12, 3, 1, 0)
        check(kernels, [10], height: 9, width: 12, 5, 3, 1)
    }

    @Test(arguments: KernelSet.available, Fill.allCases)
    func extremeInputsMatchPlainSums(kernels: KernelSet, fill: Fill) {
        check(kernels, [20], height: 5, width: 12, 5, 1, 2, fill: fill, isRectified: true)
    }

    private func check(
        _ kernels: KernelSet, _ counts: [Int], height: Int, width: Int, _ kernel: Int,
        _ stride: Int, _ padding: Int, fill: Fill = .uniform, isRectified: Bool = false
    ) {
        var source = NormalSource(seed: UInt64(height * 100 + width))
        let input = RangedBuffer(
            counts, pixels: height * width, width: kernels.width, fill: fill, source: &source)
        let channels = input.channels
        let shape = Shape(channels: channels, height: height, width: width)
        let window = Window(kernel: kernel, stride: stride, padding: padding)
        let geometry = WindowGeometry(input: shape, output: window.shape(of: shape), window: window)
        let weights = Tensor(
            dims: [channels, 1, kernel, kernel],
            (0..<channels * kernel * kernel).map { _ in Fill.uniform.next(&source) })
        let bias = Tensor(dims: [channels], (0..<channels).map { _ in Fill.uniform.next(&source) })
        var position = 0
        let locations = counts.flatMap { count in
            defer { position += count + 1 }
            return (position..<position + count).map { ChannelLocation(buffer: 0, channel: $0) }
        }
        let layer = DepthwiseLayer(
            ChannelGather(sorting: locations), geometry, weights: weights, bias: bias,
            activation: isRectified ? .relu : .none, width: kernels.width)
        let whole = run(kernels, layer, input, splits: [0, geometry.output.height])
        let middle = geometry.output.height / 2
        let parts = run(kernels, layer, input, splits: [0, middle, geometry.output.height])
        for pixel in 0..<geometry.output.area {
            for channel in 0..<channels {
                let (expected, magnitude) = expected(
                    pixel, channel, input, geometry, weights, bias[channel], isRectified)
                let index = pixel * layer.weightStride + channel
                #expect(
                    agrees(whole[index], expected, magnitude: magnitude),
                    "\(kernels) \(geometry) pixel \(pixel) channel \(channel)")
                #expect(whole[index].bitPattern == parts[index].bitPattern)
            }
        }
    }

    private func run(
        _ kernels: KernelSet, _ layer: DepthwiseLayer, _ input: RangedBuffer, splits: [Int]
    ) -> [Float] {
        let geometry = layer.window
        let output = Guarded(output: geometry.output.area * layer.weightStride)
        let weights = Guarded(layer.weights)
        let bias = Guarded(layer.bias)
        unsafe input.withRanges { ranges, count in
            var description = unsafe ck_depthwise(
                ranges: ranges, range_count: count, window: geometry.cValue,
                weights: weights.reading, weight_stride: layer.weightStride, bias: bias.reading,
                output: output.start, output_stride: layer.weightStride,
                activation: layer.activation == .relu ? ck_relu : ck_linear)
            for (first, last) in zip(splits, splits.dropFirst()) {
                unsafe kernels.table.depthwise(&description, first, last)
            }
        }
        #expect(output.isIntact, "\(kernels) \(geometry) wrote beyond its output")
        return output.values
    }

    private func expected(
        _ pixel: Int, _ channel: Int, _ input: RangedBuffer, _ geometry: WindowGeometry,
        _ weights: Tensor, _ bias: Float, _ isRectified: Bool
    ) -> (value: Double, magnitude: Double) {
        var sum = Double(bias)
        var magnitude = abs(sum)
        let kernel = geometry.window.kernel
        geometry.forEachTap(of: pixel) { source, tap in
            let weight = Double(weights[channel * kernel * kernel + tap])
            let term = weight * input.value(source, channel)
            sum += term
            magnitude += abs(term)
        }
        return (isRectified ? max(sum, 0) : sum, magnitude)
    }
}

extension WindowGeometry {
    /// Calls `body` with each pixel under the window of an output pixel, and its tap.
    func forEachTap(of pixel: Int, _ body: (_ source: Int, _ tap: Int) -> Void) {
        let top = pixel / output.width * window.stride - window.padding
        let left = pixel % output.width * window.stride - window.padding
        for y in 0..<window.kernel where (0..<input.height).contains(top + y) {
            for x in 0..<window.kernel where (0..<input.width).contains(left + x) {
                body((top + y) * input.width + left + x, y * window.kernel + x)
            }
        }
    }
}
