import CKernels
import Foundation
import Testing

@testable import Tensors

struct PointwiseTests {
    /// One GEMM with its operands and epilogue.
    struct Case {
        var counts: [Int]
        var pixels: Int
        var outputs: Int
        var fill = Fill.uniform
        var activation = Activation.none
        var hasResidual = false
        var isUpsampled = false
        var hasBroadcastBias = false
        var hasScale = false
        var precision = LayerPrecision.float32
    }

    @Test(arguments: KernelSet.available)
    func everyTileAndPanelMatchesPlainSums(kernels: KernelSet) {
        for halfVectors in 1...13 {
            for pixels in 1...26 {
                let outputs = halfVectors * kernels.width / 2 - 1
                check(Case(counts: [5], pixels: pixels, outputs: outputs), kernels)
            }
        }
    }

    @Test(arguments: KernelSet.available)
    func inputsFromSeveralRangesMatchPlainSums(kernels: KernelSet) {
        for counts in [[1], [30], [15, 8, 4, 3], [1, 1, 1], [33, 2, 17], [245]] {
            check(Case(counts: counts, pixels: 29, outputs: 30), kernels)
        }
    }

    @Test(arguments: KernelSet.available, Fill.allCases)
    func extremeInputsMatchPlainSums(kernels: KernelSet, fill: Fill) {
        check(Case(counts: [60], pixels: 13, outputs: 60, fill: fill), kernels)
        check(
            Case(counts: [7, 9], pixels: 25, outputs: 17, fill: fill, activation: .relu), kernels)
    }

    @Test(arguments: KernelSet.available)
    func everyEpilogueMatchesPlainSums(kernels: KernelSet) {
        for activation in [Activation.none, .relu, .sigmoid] {
            for bits in 0..<16 {
                check(
                    Case(
                        counts: [11, 6], pixels: 27, outputs: 37, activation: activation,
                        hasResidual: bits & 1 != 0, isUpsampled: bits & 2 != 0,
                        hasBroadcastBias: bits & 4 != 0, hasScale: bits & 8 != 0), kernels)
            }
        }
    }

    @Test(arguments: KernelSet.available)
    func sigmoidIsAccurateAtAllMagnitudes(kernels: KernelSet) {
        let width = kernels.width
        let inputs: [Float] = [
            0, -0.0, 1e-30, 1, -1, 5, -5, 17, -17, 40, -40, 86, -86, 88, -88, 1e4, -1e4, .infinity,
            -.infinity, 0.5,
        ]
        let operands = Operands(
            Case(counts: [1], pixels: inputs.count, outputs: 1, activation: .sigmoid), kernels)
        for (pixel, input) in inputs.enumerated() { operands.residual[pixel * width] = input }
        operands.disableGEMM()
        let output = operands.run(kernels, splits: [0, inputs.count])
        for (pixel, input) in inputs.enumerated() {
            let expected = 1 / (1 + exp(-Double(input)))
            let value = Double(output[pixel * width])
            #expect(abs(value - expected) <= 3e-7 * expected + 1e-37, "\(input): \(value)")
        }
    }

    @Test(arguments: KernelSet.available)
    func notANumberPropagates(kernels: KernelSet) {
        for activation in [Activation.none, .relu] {
            let operands = Operands(
                Case(counts: [2], pixels: 3, outputs: 1, activation: activation), kernels)
            operands.bias[0] = .nan
            let output = operands.run(kernels, splits: [0, 3])
            #expect(output[0].isNaN)
        }
    }

    /// The low precisions; those that a set lacks are printed.
    private static let lowPrecisions: [LayerPrecision] = [.bfloat16, .int8(-0.75...1)]

    @Test(arguments: KernelSet.available, lowPrecisions)
    func everyLowPrecisionTileAndPanelMatchesPlainSums(
        kernels: KernelSet, precision: LayerPrecision
    ) {
        guard kernels.has(precision.precision) else { return }
        for halfVectors in 1...9 {
            for pixels in [1, 2, 5, 7, 11, 12, 13, 24, 25] {
                let outputs = halfVectors * kernels.width / 2 - 1
                check(
                    Case(counts: [9], pixels: pixels, outputs: outputs, precision: precision),
                    kernels)
            }
        }
    }

    @Test(arguments: KernelSet.available, lowPrecisions)
    func lowPrecisionInputsFromSeveralRangesMatchPlainSums(
        kernels: KernelSet, precision: LayerPrecision
    ) {
        guard kernels.has(precision.precision) else { return }
        // The last case has so many steps per pixel that a block holds few pixels.
        for counts in [[1], [30], [15, 8, 4, 3], [1, 1, 1], [33, 2, 17], [245], [1031, 2]] {
            check(Case(counts: counts, pixels: 29, outputs: 30, precision: precision), kernels)
        }
    }

    @Test(arguments: KernelSet.available, lowPrecisions)
    func everyLowPrecisionEpilogueMatchesPlainSums(kernels: KernelSet, precision: LayerPrecision) {
        guard kernels.has(precision.precision) else { return }
        for activation in [Activation.none, .relu, .sigmoid] {
            for bits in 0..<16 {
                check(
                    Case(
                        counts: [11, 6], pixels: 27, outputs: 37, activation: activation,
                        hasResidual: bits & 1 != 0, isUpsampled: bits & 2 != 0,
                        hasBroadcastBias: bits & 4 != 0, hasScale: bits & 8 != 0,
                        precision: precision),
                    kernels)
            }
        }
    }

    @Test(arguments: KernelSet.available, Fill.allCases)
    func extremeInputsInLowPrecisionMatchPlainSums(kernels: KernelSet, fill: Fill) {
        for precision in Self.lowPrecisions + [.int8(0...0), .int8(-3...0), .int8(0...1e-3)]
        where kernels.has(precision.precision) {
            check(
                Case(counts: [60], pixels: 13, outputs: 60, fill: fill, precision: precision),
                kernels)
        }
    }

    private func check(_ test: Case, _ kernels: KernelSet) {
        let operands = Operands(test, kernels)
        let whole = operands.run(kernels, splits: [0, test.pixels])
        for pixel in 0..<test.pixels {
            for output in 0..<test.outputs {
                let (expected, magnitude) = operands.expected(pixel, output)
                let value = whole[pixel * operands.stride + output]
                #expect(
                    agrees(value, expected, magnitude: magnitude),
                    "\(kernels) \(test) pixel \(pixel) output \(output): \(value), not \(expected)")
            }
        }
        let parts = operands.run(
            kernels, splits: [0, test.pixels / 3, test.pixels / 2, test.pixels])
        #expect(
            parts.map(\.bitPattern) == whole.map(\.bitPattern), "\(kernels) \(test): splits differ")
    }
}

/// The operands of a GEMM, random and guarded.
private final class Operands {
    let test: PointwiseTests.Case
    let stride: Int
    let input: RangedBuffer
    let bias: Guarded
    let residual: Guarded
    /// The weights, rounded to the GEMM's precision.
    private let weights: [Double]
    private let packed: PackedWeights
    private let broadcastBias: Guarded
    private let scale: Guarded
    private let index: [Int32]
    private var isDisabled = false

    init(_ test: PointwiseTests.Case, _ kernels: KernelSet) {
        let width = kernels.width
        var source = NormalSource(seed: UInt64(test.pixels * 1000 + test.outputs))
        self.test = test
        stride = test.outputs.roundedUp(to: width)
        input = RangedBuffer(
            test.counts, pixels: test.pixels, width: width, fill: test.fill, source: &source)
        let inputs = input.channels
        let numbers = (0..<inputs * test.outputs).map { _ in Fill.uniform.next(&source) }
        weights = (0..<test.outputs).flatMap { output in
            Self.rounded(numbers[output * inputs..<(output + 1) * inputs], test.precision)
        }
        packed = PackedWeights(
            Tensor(dims: [test.outputs, inputs], numbers), stride: inputs,
            columns: Array(0..<inputs), bias: nil, kernels: Kernels(kernels.instructions),
            precision: test.precision)
        bias = Guarded(stride) { Fill.uniform.next(&source) }
        broadcastBias = Guarded(stride) { Fill.uniform.next(&source) }
        residual = Guarded(test.pixels * stride) { Fill.uniform.next(&source) }
        scale = Guarded(test.pixels * stride) { Fill.uniform.next(&source) }
        index = (0..<test.pixels).map { Int32($0 / 2) }
    }

    /// Sets bias and weights to zero, so that the residual is the sum.
    func disableGEMM() {
        for output in 0..<stride { bias[output] = 0 }
        isDisabled = true
    }

    func run(_ kernels: KernelSet, splits: [Int]) -> [Float] {
        let output = Guarded(output: test.pixels * stride)
        let numbers = Guarded(packed.words.map { isDisabled ? 0 : Float(bitPattern: $0) })
        let hasResidual = test.hasResidual || isDisabled
        let memory = PlanMemory(arenaCount: 0)
        unsafe index.withUnsafeBufferPointer { index in
            unsafe input.withRanges { ranges, count in
                var layer = unsafe ck_pointwise(
                    ranges: ranges, range_count: count, weights: numbers.reading,
                    lowp: packed.lowPrecision.map { unsafe memory.keep($0) },
                    epilogue: ck_epilogue(
                        bias: bias.reading,
                        broadcast_bias: test.hasBroadcastBias ? broadcastBias.reading : nil,
                        residual: hasResidual ? residual.reading : nil, residual_stride: stride,
                        residual_index: test.isUpsampled ? index.baseAddress : nil,
                        scale: test.hasScale ? scale.reading : nil, scale_stride: stride,
                        activation: test.activation.cValue),
                    half_vectors: packed.halfVectors, output: output.start, output_stride: stride,
                    pooling: nil)
                let gemm = unsafe Kernels(kernels.instructions).gemm(for: packed)
                for (first, last) in zip(splits, splits.dropFirst()) {
                    unsafe gemm(&layer, first, last)
                }
            }
        }
        #expect(output.isIntact, "\(kernels) \(test) wrote beyond its output")
        return output.values
    }

    /// An input, rounded to the GEMM's precision.
    private func rounded(_ value: Double) -> Double {
        switch test.precision {
        case .float32: return value
        case .bfloat16: return Double(Float(bitPattern: Float(value).bfloat16 << 16))
        case .int8:
            guard let quantization = packed.lowPrecision else { return value }
            let step = (Float(value) * quantization.inverse + quantization.zero).rounded(
                .toNearestOrEven)
            let bounded = Double(min(max(step, 0), 255)) - Double(quantization.zero)
            return bounded / Double(quantization.inverse)
        }
    }

    /// The weights of one output, rounded to a precision.
    private static func rounded(_ row: ArraySlice<Float>, _ precision: LayerPrecision)
        -> [Double]
    {
        switch precision {
        case .float32: return row.map(Double.init)
        case .bfloat16: return row.map { Double(Float(bitPattern: $0.bfloat16 << 16)) }
        case .int8:
            let largest = row.reduce(0) { max($0, abs($1)) }
            let scale = largest > 0 ? largest / 127 : 1
            return row.map { Double(($0 / scale).rounded()) * Double(scale) }
        }
    }

    /// The expected result and the sum of its terms' magnitudes.
    func expected(_ pixel: Int, _ output: Int) -> (value: Double, magnitude: Double) {
        var sum = Double(bias[output])
        var magnitude = abs(sum)
        func add(_ term: Double) {
            sum += term
            magnitude += abs(term)
        }
        if test.hasBroadcastBias { add(Double(broadcastBias[output])) }
        for channel in 0..<input.channels {
            add(rounded(input.value(pixel, channel)) * weights[output * input.channels + channel])
        }
        if test.hasResidual {
            let source = test.isUpsampled ? pixel / 2 : pixel
            add(Double(residual[source * stride + output]))
        }
        switch test.activation {
        case .none: break
        case .relu: sum = max(sum, 0)
        case .sigmoid: sum = 1 / (1 + exp(-sum))
        }
        if test.hasScale { sum *= Double(scale[pixel * stride + output]) }
        return (sum, magnitude)
    }
}
