import TestSupport
import Testing

@testable import Tensors

/// Plans in low precision.
struct PrecisionTests {
    @Test func bfloat16RoundsToNearestEven() {
        #expect((1 as Float).bfloat16 == 0x3f80)
        #expect((-2.5 as Float).bfloat16 == 0xc020)
        // Ties round to even.
        #expect(Float(bitPattern: 0x3f80_8000).bfloat16 == 0x3f80)
        #expect(Float(bitPattern: 0x3f81_8000).bfloat16 == 0x3f82)
        #expect(Float(bitPattern: 0x3f80_8001).bfloat16 == 0x3f81)
        #expect(Float.infinity.bfloat16 == 0x7f80)
    }

    @Test func listedLayersOverrideTheDefaultPrecision() {
        let map = PrecisionMap(default: .bfloat16, layers: ["a": .float32, "b": .int8(0...1)])
        #expect(map["a"] == .float32)
        #expect(map["b"].precision == .int8)
        #expect(map["c"] == .bfloat16)
    }

    @Test(arguments: KernelSet.available)
    func lowPrecisionPlansApproximateFloat32(kernels: KernelSet) throws {
        let network = Self.network
        var full = try Plan(network, instructionSet: kernels.instructions)
        let image = noise([3, 40, 56], seed: 3)
        full.write(image, to: "image")
        var ranges: [String: ClosedRange<Float>] = [:]
        full.observe(ranges: &ranges)
        #expect(Set(ranges.keys) == ["stem", "reduce", "expand", "gate"])
        let maps: [(PrecisionMap, Float)] = [
            (.bfloat16, 0.01),
            (PrecisionMap(default: .float32, layers: ranges.mapValues { .int8($0) }), 0.05),
        ]
        for (map, limit) in maps {
            var lowPrecision = try Plan(
                network, instructionSet: kernels.instructions, precisions: map)
            lowPrecision.write(image, to: "image")
            lowPrecision.run()
            let error = relativeError(lowPrecision.tensor("result"), full.tensor("result"))
            let isFloat32 = map == .bfloat16 && !kernels.has(.bfloat16)
            #expect(isFloat32 ? error == 0 : error > 0 && error < limit, "\(kernels) \(error)")
        }
    }

    /// Weights and inputs of a dead channel may be so small that their scale underflows.
    @Test(arguments: [Float.leastNonzeroMagnitude, 1])
    func valuesTooSmallForAScaleBecomeZero(highest: Float) throws {
        var graph = Graph()
        let input = graph.input(Shape(channels: 4, height: 2, width: 2), name: "input")
        graph.output(graph.conv(input, 8, kernel: 1, bias: true, name: "dead"), name: "result")
        let weights = Weights(trusted: [
            "dead.weight": Tensor(
                dims: [8, 4, 1, 1], repeating: 10 * Float.leastNonzeroMagnitude),
            "dead.bias": Tensor(dims: [8], repeating: 3),
        ])
        var plan = try Plan(
            FoldedNetwork(graph, weights),
            precisions: PrecisionMap(default: .float32, layers: ["dead": .int8(0...highest)]))
        plan.write(Tensor(dims: [4, 2, 2], repeating: 0.5), to: "input")
        plan.run()
        #expect(plan.tensor("result") == Tensor(dims: [8, 2, 2], repeating: 3))
    }

    @Test func observedRangesContainTheInputs() throws {
        let network = Self.network
        let image = noise([3, 40, 56], seed: 5)
        var plan = try Plan(network)
        plan.write(image, to: "image")
        var ranges: [String: ClosedRange<Float>] = [:]
        plan.observe(ranges: &ranges)
        let values = image.values
        #expect(try #require(ranges["stem"]) == min(0, values.min() ?? 0)...(values.max() ?? 0))
        // After a ReLU nothing is below zero.
        #expect(try #require(ranges["expand"]).lowerBound < 0)
        #expect(try #require(ranges["reduce"]).lowerBound == 0)
        // A second image extends the ranges and never shrinks them.
        let before = ranges
        plan.write(noise([3, 40, 56], seed: 6), to: "image")
        plan.observe(ranges: &ranges)
        for (name, range) in ranges {
            let earlier = try #require(before[name])
            #expect(range.lowerBound <= earlier.lowerBound)
            #expect(range.upperBound >= earlier.upperBound)
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [PrecisionMap.bfloat16, PrecisionMap(default: .int8(-4...4))])
    func threadsDoNotChangeLowPrecisionResults(precisions: PrecisionMap) throws {
        let network = Self.network
        let image = noise([3, 40, 56], seed: 4)
        func result(_ threads: Int) throws -> Tensor {
            var plan = try Plan(network, threads: threads, precisions: precisions)
            plan.write(image, to: "image")
            plan.run()
            return plan.tensor("result")
        }
        let alone = try result(1)
        for threads in [2, 3, 7] { #expect(try result(threads) == alone) }
    }

    /// The list of fast precisions is fixed per processor, since the choice must not depend on the load.
    @Test(
        .enabled(if: isOptimized, "unoptimised loops measure nothing"),
        arguments: InstructionSet.available)
    func precisionsListedAsFasterHaveHigherThroughput(set: InstructionSet) {
        let float32 = set.multiplyAddLimit(.float32)
        for precision in set.precisions where precision != .float32 && set != .portable {
            let gain = set.multiplyAddLimit(precision) / float32
            #expect(
                (gain > 1.2) == set.fastestPrecisions.contains(precision), "\(precision): \(gain)")
        }
    }

    @Test func int8ResultsAgreeOnEveryInstructionSet() throws {
        // Integer sums are exact; only the dequantization can differ by a bit, where multiply and add are fused.
        let results = try KernelSet.available.map { kernels in
            var plan = try Plan(
                Self.network, instructionSet: kernels.instructions,
                precisions: PrecisionMap(default: .float32, layers: ["stem": .int8(-4...4)]))
            plan.write(noise([3, 40, 56], seed: 4), to: "image")
            plan.run()
            return plan.tensor("result")
        }
        for result in results { #expect(relativeError(result, results[0]) < 1e-5) }
    }

    /// A stem, a reduction, a depthwise layer, an expansion and a gate, wide enough to share among threads.
    static let network: FoldedNetwork = {
        var net = Graph()
        let image = net.input(Shape(channels: 3, height: 40, width: 56), name: "image")
        let stem = net.maxPool(
            net.relu(net.conv(image, 24, kernel: 3, stride: 2, bias: true, name: "stem")),
            kernel: 3, stride: 2, padding: 1)
        let reduced = net.relu(
            net.conv(stem, 60, kernel: 1, bias: true, name: "reduce"), name: "reduced")
        let plane = net.depthwise(reduced, kernel: 5)
        let wide = net.conv(plane, 245, kernel: 1, bias: true, name: "expand")
        let gate = net.sigmoid(net.conv(wide, 245, kernel: 1, bias: true, name: "gate"))
        net.output(net.multiply(wide, gate), name: "result")
        return FoldedNetwork(net, .random(for: net))
    }()
}
