import CKernels
import Testing

@testable import Tensors

struct MaxPoolTests {
    @Test(arguments: KernelSet.available)
    func everySmallMapMatchesPlainMaxima(kernels: KernelSet) {
        for counts in [[4], [17], [9, 20, 3]] {
            for side in 1...9 {
                let window = Window(kernel: 3, stride: 2, padding: 1)
                check(kernels, counts, height: side, width: 10 - side, window)
            }
            check(
                kernels, counts, height: 6, width: 7, Window(kernel: 2, stride: 2, padding: 0))
        }
    }

    @Test(arguments: KernelSet.available)
    func paddingIsNeverTheMaximum(kernels: KernelSet) {
        let window = Window(kernel: 3, stride: 1, padding: 1)
        check(kernels, [5], height: 3, width: 3, window, fill: .negative)
    }

    private func check(
        _ kernels: KernelSet, _ counts: [Int], height: Int, width: Int, _ window: Window,
        fill: Fill = .uniform
    ) {
        var source = NormalSource(seed: UInt64(height * 100 + width))
        let input = RangedBuffer(
            counts, pixels: height * width, width: kernels.width,
            fill: fill, source: &source)
        let shape = Shape(channels: input.channels, height: height, width: width)
        let geometry = WindowGeometry(input: shape, output: window.shape(of: shape), window: window)
        let stride = (input.channels + kernels.width).roundedUp(to: kernels.width)
        let output = Guarded(output: geometry.output.area * stride)
        unsafe input.withRanges { ranges, count in
            var layer = unsafe ck_maxpool(
                ranges: ranges, range_count: count, window: geometry.cValue,
                output: output.start, output_stride: stride)
            unsafe kernels.table.maxpool(&layer, 0, 1)
            unsafe kernels.table.maxpool(&layer, 1, geometry.output.height)
        }
        #expect(output.isIntact)
        for pixel in 0..<geometry.output.area {
            for channel in 0..<input.channels {
                var best = -Double.infinity
                geometry.forEachTap(of: pixel) { source, _ in
                    best = max(best, input.value(source, channel))
                }
                #expect(Double(output[pixel * stride + channel]) == best, "\(kernels) \(geometry)")
            }
        }
    }
}
