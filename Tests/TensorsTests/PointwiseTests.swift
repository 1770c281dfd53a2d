import CKernels
import Foundation
import Testing

@testable import Tensors

struct PointwiseTests {
    /// One product with its operands and what comes out.
    struct Case {
        var counts: [Int]
        var pixels: Int
        var outputs: Int
        var fill = Fill.uniform
        var activation = Activation.none
        var hasAddend = false
        var isUpsampled = false
        var hasSpread = false
        var hasFactor = false
        var precision = ProductPrecision.float32
    }

    @Test(arguments: KernelSet.available)
    func everyTileAndPanel(kernels: KernelSet) {
        for halves in 1...13 {
            for pixels in 1...26 {
                let outputs = halves * kernels.width / 2 - 1
                check(Case(counts: [5], pixels: pixels, outputs: outputs), kernels)
            }
        }
    }

    @Test(arguments: KernelSet.available)
    func rangesOfManySlabs(kernels: KernelSet) {
        for counts in [[1], [30], [15, 8, 4, 3], [1, 1, 1], [33, 2, 17], [245]] {
            check(Case(counts: counts, pixels: 29, outputs: 30), kernels)
        }
    }

    @Test(arguments: KernelSet.available, Fill.allCases)
    func nastyNumbers(kernels: KernelSet, fill: Fill) {
        check(Case(counts: [60], pixels: 13, outputs: 60, fill: fill), kernels)
        check(
            Case(counts: [7, 9], pixels: 25, outputs: 17, fill: fill, activation: .relu), kernels)
    }

    @Test(arguments: KernelSet.available)
    func everyEpilogue(kernels: KernelSet) {
        for activation in [Activation.none, .relu, .sigmoid] {
            for bits in 0..<16 {
                check(
                    Case(
                        counts: [11, 6], pixels: 27, outputs: 37, activation: activation,
                        hasAddend: bits & 1 != 0, isUpsampled: bits & 2 != 0,
                        hasSpread: bits & 4 != 0, hasFactor: bits & 8 != 0), kernels)
            }
        }
    }

    @Test(arguments: KernelSet.available)
    func sigmoidAtAllMagnitudes(kernels: KernelSet) {
        let width = kernels.width
        let inputs: [Float] = [
            0, -0.0, 1e-30, 1, -1, 5, -5, 17, -17, 40, -40, 86, -86, 88, -88, 1e4, -1e4, .infinity,
            -.infinity, 0.5,
        ]
        let operands = Operands(
            Case(counts: [1], pixels: inputs.count, outputs: 1, activation: .sigmoid), kernels)
        for (pixel, input) in inputs.enumerated() { operands.addend[pixel * width] = input }
        operands.silence()
        let output = operands.run(kernels, splits: [0, inputs.count])
        for (pixel, input) in inputs.enumerated() {
            let expected = 1 / (1 + exp(-Double(input)))
            let value = Double(output[pixel * width])
            #expect(abs(value - expected) <= 3e-7 * expected + 1e-37, "\(input): \(value)")
        }
    }

    @Test(arguments: KernelSet.available)
    func notANumberStaysVisible(kernels: KernelSet) {
        for activation in [Activation.none, .relu] {
            let operands = Operands(
                Case(counts: [2], pixels: 3, outputs: 1, activation: activation), kernels)
            operands.bias[0] = .nan
            let output = operands.run(kernels, splits: [0, 3])
            #expect(output[0].isNaN)
        }
    }

    /// The narrow precisions that the processor has for a set; what is missing is said.
    private static let narrow: [ProductPrecision] = [.bfloat16, .int8(-0.75...1)]

    @Test(arguments: KernelSet.available, narrow)
    func everyTileAndPanelOfNarrowNumbers(kernels: KernelSet, precision: ProductPrecision) {
        guard kernels.has(precision.precision) else { return }
        for halves in 1...9 {
            for pixels in [1, 2, 5, 7, 11, 12, 13, 24, 25] {
                let outputs = halves * kernels.width / 2 - 1
                check(
                    Case(counts: [9], pixels: pixels, outputs: outputs, precision: precision),
                    kernels)
            }
        }
    }

    @Test(arguments: KernelSet.available, narrow)
    func rangesOfNarrowNumbers(kernels: KernelSet, precision: ProductPrecision) {
        guard kernels.has(precision.precision) else { return }
        // The last has more steps in a pixel than a block takes pixels of.
        for counts in [[1], [30], [15, 8, 4, 3], [1, 1, 1], [33, 2, 17], [245], [1031, 2]] {
            check(Case(counts: counts, pixels: 29, outputs: 30, precision: precision), kernels)
        }
    }

    @Test(arguments: KernelSet.available, narrow)
    func everyEpilogueOfNarrowNumbers(kernels: KernelSet, precision: ProductPrecision) {
        guard kernels.has(precision.precision) else { return }
        for activation in [Activation.none, .relu, .sigmoid] {
            for bits in 0..<16 {
                check(
                    Case(
                        counts: [11, 6], pixels: 27, outputs: 37, activation: activation,
                        hasAddend: bits & 1 != 0, isUpsampled: bits & 2 != 0,
                        hasSpread: bits & 4 != 0, hasFactor: bits & 8 != 0, precision: precision),
                    kernels)
            }
        }
    }

    @Test(arguments: KernelSet.available, Fill.allCases)
    func nastyNumbersMadeNarrow(kernels: KernelSet, fill: Fill) {
        for precision in Self.narrow + [.int8(0...0), .int8(-3...0), .int8(0...1e-3)]
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

/// The operands of a product, random and guarded.
private final class Operands {
    let test: PointwiseTests.Case
    let stride: Int
    let input: RangedSlab
    let bias: Guarded
    let addend: Guarded
    /// As the product's precision has them.
    private let weights: [Double]
    private let packed: PackedProduct
    private let spread: Guarded
    private let factor: Guarded
    private let index: [Int32]
    private var isSilent = false

    init(_ test: PointwiseTests.Case, _ kernels: KernelSet) {
        let width = kernels.width
        var source = NormalSource(seed: UInt64(test.pixels * 1000 + test.outputs))
        self.test = test
        stride = test.outputs.roundedUp(to: width)
        input = RangedSlab(
            test.counts, pixels: test.pixels, width: width, fill: test.fill, source: &source)
        let inputs = input.channels
        let numbers = (0..<inputs * test.outputs).map { _ in Fill.uniform.next(&source) }
        weights = (0..<test.outputs).flatMap { output in
            Self.narrowed(numbers[output * inputs..<(output + 1) * inputs], test.precision)
        }
        packed = PackedProduct(
            Tensor(dims: [test.outputs, inputs], numbers), stride: inputs,
            columns: Array(0..<inputs), bias: nil, kernels: Kernels(kernels.instructions),
            precision: test.precision)
        bias = Guarded(stride) { Fill.uniform.next(&source) }
        spread = Guarded(stride) { Fill.uniform.next(&source) }
        addend = Guarded(test.pixels * stride) { Fill.uniform.next(&source) }
        factor = Guarded(test.pixels * stride) { Fill.uniform.next(&source) }
        index = (0..<test.pixels).map { Int32($0 / 2) }
    }

    /// Leaves the addend alone: no bias and no product.
    func silence() {
        for output in 0..<stride { bias[output] = 0 }
        isSilent = true
    }

    func run(_ kernels: KernelSet, splits: [Int]) -> [Float] {
        let output = Guarded(output: test.pixels * stride)
        let numbers = Guarded(packed.words.map { isSilent ? 0 : Float(bitPattern: $0) })
        let usesAddend = test.hasAddend || isSilent
        let memory = PlanMemory(arenaCount: 0)
        unsafe index.withUnsafeBufferPointer { index in
            unsafe input.withRanges { ranges, count in
                var layer = unsafe ck_pointwise(
                    ranges: ranges, range_count: count, weights: numbers.reading,
                    narrowing: packed.narrowing.map { unsafe memory.keep($0) },
                    bias: bias.reading, spread: test.hasSpread ? spread.reading : nil,
                    halves: packed.halves, output: output.start, output_stride: stride,
                    addend: usesAddend ? addend.reading : nil, addend_stride: stride,
                    addend_index: test.isUpsampled ? index.baseAddress : nil,
                    factor: test.hasFactor ? factor.reading : nil, factor_stride: stride,
                    activation: ck_linear, fold: nil)
                switch test.activation {
                case .none: unsafe layer.activation = ck_linear
                case .relu: unsafe layer.activation = ck_relu
                case .sigmoid: unsafe layer.activation = ck_sigmoid
                }
                let product = unsafe Kernels(kernels.instructions).product(packed)
                for (first, last) in zip(splits, splits.dropFirst()) {
                    unsafe product(&layer, first, last)
                }
            }
        }
        #expect(output.isIntact, "\(kernels) \(test) wrote beyond its output")
        return output.values
    }

    /// What a precision makes of an input.
    private func narrowed(_ value: Double) -> Double {
        switch test.precision {
        case .float32: return value
        case .bfloat16: return Double(Float(bitPattern: Float(value).bfloat16 << 16))
        case .int8:
            guard let narrowing = packed.narrowing else { return value }
            let step = (Float(value) * narrowing.inverse + narrowing.zero).rounded(.toNearestOrEven)
            let bounded = Double(min(max(step, 0), 255)) - Double(narrowing.zero)
            return bounded / Double(narrowing.inverse)
        }
    }

    /// What a precision makes of the weights of one output.
    private static func narrowed(_ row: ArraySlice<Float>, _ precision: ProductPrecision)
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

    /// The right result and the sum of its terms' magnitudes.
    func expected(_ pixel: Int, _ output: Int) -> (value: Double, magnitude: Double) {
        var sum = Double(bias[output])
        var magnitude = abs(sum)
        func add(_ term: Double) {
            sum += term
            magnitude += abs(term)
        }
        if test.hasSpread { add(Double(spread[output])) }
        for channel in 0..<input.channels {
            add(narrowed(input.value(pixel, channel)) * weights[output * input.channels + channel])
        }
        if test.hasAddend {
            let source = test.isUpsampled ? pixel / 2 : pixel
            add(Double(addend[source * stride + output]))
        }
        switch test.activation {
        case .none: break
        case .relu: sum = max(sum, 0)
        case .sigmoid: sum = 1 / (1 + exp(-sum))
        }
        if test.hasFactor { sum *= Double(factor[pixel * stride + output]) }
        return (sum, magnitude)
    }
}
