import CKernels
import Testing

@testable import Tensors

struct GatherTests {
    @Test(arguments: KernelSet.available)
    func gatheredRangesAreAdjacent(kernels: KernelSet) {
        for isUpsampled in [false, true] {
            var source = NormalSource(seed: 3)
            let input = RangedBuffer(
                [3, 1, 20], pixels: 14, width: kernels.width, fill: .uniform, source: &source)
            let stride = input.channels
            let output = Guarded(output: 14 * stride)
            let index = (0..<14).map { Int32($0 / 3) }
            unsafe index.withUnsafeBufferPointer { index in
                unsafe input.withRanges { ranges, count in
                    var layer = unsafe ck_gather(
                        ranges: ranges, range_count: count,
                        index: isUpsampled ? index.baseAddress : nil, output: output.start,
                        output_stride: stride)
                    unsafe kernels.table.gather(&layer, 0, 5)
                    unsafe kernels.table.gather(&layer, 5, 14)
                }
            }
            #expect(output.isIntact)
            for pixel in 0..<14 {
                for channel in 0..<stride {
                    let expected = input.value(isUpsampled ? pixel / 3 : pixel, channel)
                    #expect(Double(output[pixel * stride + channel]) == expected)
                }
            }
        }
    }

    @Test(arguments: KernelSet.available, Fill.allCases)
    func averageMatchesPlainMean(kernels: KernelSet, fill: Fill) {
        for pixels in [1, 2, 3, 5, 100] {
            var source = NormalSource(seed: UInt64(pixels))
            let input = RangedBuffer(
                [17, 3, 30], pixels: pixels, width: kernels.width, fill: fill, source: &source)
            let output = Guarded(output: 20 + 30.roundedUp(to: kernels.width))
            unsafe input.withRanges { ranges, count in
                var layer = unsafe ck_average(
                    ranges: ranges, range_count: count, pixels: pixels, output: output.start)
                unsafe kernels.table.average(&layer)
            }
            #expect(output.isIntact)
            for channel in 0..<input.channels {
                let terms = (0..<pixels).map { input.value($0, channel) }
                let magnitude = terms.reduce(0) { $0 + abs($1) } / Double(pixels)
                let mean = terms.reduce(0, +) / Double(pixels)
                #expect(agrees(output[channel], mean, magnitude: magnitude), "\(kernels) \(fill)")
            }
        }
    }
}
