import Testing

@testable import Tensors

/// Literals are from ONNX Runtime.
///
/// The patterns are `(numpy.arange(n) * step % modulus) - offset`:
///
///     conv(x(4,5,6: 7,11,5), w(6,2,3,3: 5,7,3), b(6: 3,5,2), strides 2, pads 1, group 2)
///     conv(x(3,6,5: 7,11,5), w(3,1,5,5: 5,7,3), strides 2, pads 2, group 3)
struct ReferenceConvolutionTests {
    @Test func groupedStridedConvolutionAgreesWithLiterals() {
        let result = Reference.convolution(
            pattern([4, 5, 6], 7, 11, 5),
            Convolution(outputs: 6, kernel: 3, stride: 2, groups: 2, hasBias: true),
            weight: pattern([6, 2, 3, 3], 5, 7, 3), bias: pattern([6], 3, 5, 2))
        #expect(result.dims == [6, 3, 3])
        #expect(
            result.values == [
                -34, 24, -7, 1, 13, -29, 2, -3, 16, 12, -39, -20, -9, 51, -4, -21, -39, 19,
                11, -2, -10, -3, 14, 23, -7, 25, -32, 4, -3, 28, 2, -15, 48, 20, -3, -31, -26,
                -17, 43, 27, 1, -26, 8, -4, 7, 0, -17, 16, 17, 24, -37, -18, -33, 17,
            ])
    }

    @Test func depthwiseStridedConvolutionAgreesWithLiterals() {
        let result = Reference.convolution(
            pattern([3, 6, 5], 7, 11, 5),
            Convolution(outputs: 3, kernel: 5, stride: 2, groups: 3),
            weight: pattern([3, 1, 5, 5], 5, 7, 3))
        #expect(
            result.values == [
                11, 1, 28, 14, -43, 17, 16, 22, 14, 2, 25, -29, 14, -45, 26, 24, -3, 10, -1, 1, 0,
                30, -47, 31, -13, -25, 22,
            ])
    }

    @Test func depthwiseConvolutionAgreesWithLiterals() {
        let result = Reference.convolution(
            pattern([3, 6, 5], 7, 11, 5), Convolution(outputs: 3, kernel: 5, groups: 3),
            weight: pattern([3, 1, 5, 5], 5, 7, 3))
        #expect(result.values.prefix(6) == [11, -41, 1, 14, 28, -5])
        #expect(result.values.suffix(6) == [22, -5, -46, 17, 11, -25])
        #expect(result.values.map(abs).reduce(0, +) == 1877)
    }

    @Test func kernelWithACentralOneIsTheIdentity() {
        let x = noise([3, 5, 7], seed: 1)
        var weight = Tensor(dims: [3, 1, 5, 5])
        for channel in 0..<3 { weight[channel * 25 + 12] = 1 }
        let result = Reference.convolution(
            x, Convolution(outputs: 3, kernel: 5, groups: 3), weight: weight)
        #expect(result == x)
    }

    @Test func kernelWithALeftOneShiftsRight() {
        let x = ramp(Shape(channels: 1, height: 2, width: 3))
        let result = Reference.convolution(
            x, Convolution(outputs: 1, kernel: 3),
            weight: Tensor(dims: [1, 1, 3, 3], [0, 0, 0, 1, 0, 0, 0, 0, 0]))
        #expect(result.values == [0, 0, 1, 0, 3, 4])
    }

    @Test func groupsAreBlocksOfADenseConvolution() {
        let x = noise([6, 4, 5], seed: 2)
        let grouped = Convolution(outputs: 4, kernel: 3, groups: 2)
        let weight = noise([4, 3, 3, 3], seed: 3)
        var blocks = Tensor(dims: [4, 6, 3, 3])
        for output in 0..<4 {
            for index in 0..<27 {
                blocks[output * 54 + output / 2 * 27 + index] = weight[output * 27 + index]
            }
        }
        let dense = Reference.convolution(x, Convolution(outputs: 4, kernel: 3), weight: blocks)
        #expect(relativeError(Reference.convolution(x, grouped, weight: weight), dense) < 1e-6)
    }

    @Test(arguments: [1, 2, 3, 5], [1, 2, 3])
    func convolutionOfOnesCountsTheTaps(kernel: Int, stride: Int) {
        // With ones everywhere a sum is the number of taps inside the map, for any size and
        // padding.
        for side in 1...7 {
            for padding in 0...kernel where side + 2 * padding >= kernel {
                let convolution = Convolution(
                    outputs: 1, kernel: kernel, stride: stride, padding: padding)
                let result = Reference.convolution(
                    Tensor(dims: [1, side, side], repeating: 1), convolution,
                    weight: Tensor(dims: [1, 1, kernel, kernel], repeating: 1))
                let taps = (0..<result.shape.width).map { place in
                    (0..<kernel).count { (0..<side).contains(place * stride + $0 - padding) }
                }
                #expect(result.values == taps.flatMap { row in taps.map { Float(row * $0) } })
            }
        }
    }
}
