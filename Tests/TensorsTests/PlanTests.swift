import Testing

@testable import Tensors

struct PlanTests {
    @Test(arguments: KernelSet.available)
    func smallNetworkMatchesTheReference(kernels: KernelSet) throws {
        for (height, width) in [(23, 17), (32, 32), (9, 70)] {
            try check(smallNet(height: height, width: width), kernels)
        }
    }

    @Test(arguments: KernelSet.available)
    func repeatedShufflesMatchTheReference(kernels: KernelSet) throws {
        for half in [1, 5, 8, 33] {
            var graph = Graph()
            var value = graph.input(
                Shape(channels: 2 * half, height: 3, width: 5), name: "input")
            for unit in 0..<5 {
                value = graph.scoped("\(unit)") { graph in
                    let left = graph.slice(value, 0..<half, name: "left")
                    let right = graph.slice(value, half..<2 * half, name: "right")
                    let branch = graph.conv(right, half, kernel: 1, bias: true)
                    return graph.shuffle(graph.concatenate(left, branch), groups: 2)
                }
            }
            graph.output(value, name: "shuffled")
            try check(graph, kernels)
        }
    }

    @Test func shufflesAndSlicesNeedNoSteps() throws {
        let graph = smallNet(height: 32, width: 32)
        let plan = try Plan(FoldedNetwork(graph, .random(for: graph)))
        // Stem with pooling; reduce, depthwise, expand; gather of the shuffled output; coarse branch, average,
        // its GEMM, context, gate.
        #expect(plan.stepCount == 11)
    }

    @Test(arguments: KernelSet.available)
    func gemmsOfOneValueShareAStep(kernels: KernelSet) throws {
        var graph = Graph()
        let input = graph.input(Shape(channels: 21, height: 5, width: 5), name: "input")
        let shared = graph.relu(graph.conv(input, 30, kernel: 1, bias: true))
        graph.output(graph.conv(shared, 25, kernel: 1, bias: true, name: "one"), name: "one")
        graph.output(graph.dense(shared, 7, name: "two"), name: "two")
        let gate = graph.sigmoid(graph.conv(shared, 25, kernel: 1, name: "gate"))
        graph.output(gate, name: "gate")
        try check(graph, kernels)
        let plan = try Plan(
            FoldedNetwork(graph, .random(for: graph)), instructionSet: kernels.instructions)
        #expect(plan.stepCount == 3)
    }

    @Test(arguments: KernelSet.available)
    func twoGEMMsAreMultipliedInOneStep(kernels: KernelSet) throws {
        for gateIsFirst in [true, false] {
            var graph = Graph()
            let input = graph.input(Shape(channels: 9, height: 4, width: 5), name: "input")
            let gate = graph.sigmoid(graph.conv(input, 20, kernel: 1, bias: true, name: "gate"))
            let map = graph.conv(input, 20, kernel: 1, bias: true, name: "map")
            let gated = gateIsFirst ? graph.multiply(gate, map) : graph.multiply(map, gate)
            graph.output(gated, name: "gated")
            try check(graph, kernels)
        }
    }

    @Test(arguments: KernelSet.available)
    func laterNetworksReadEarlierOutputs(kernels: KernelSet) throws {
        var first = Graph()
        let input = first.input(Shape(channels: 4, height: 6, width: 1), name: "rows")
        first.output(first.dense(input, 19, name: "first"), name: "middle")
        var second = Graph()
        let middle = second.input(Shape(channels: 19, height: 6, width: 1), name: "middle")
        second.output(second.relu(second.dense(middle, 3, name: "second")), name: "last")
        let weights = [Weights.random(for: first), Weights.random(for: second, seed: 2)]
        let rows = noise([4, 6, 1], seed: 1)
        let between = Interpreter(first, weights[0]).run(["rows": rows])
        let expected = try Interpreter(second, weights[1])
            .run(["middle": #require(between["middle"])])
        var plan = try Plan(
            [FoldedNetwork(first, weights[0]), FoldedNetwork(second, weights[1])],
            instructionSet: kernels.instructions)
        plan.write(rows, to: "rows")
        plan.run(network: 0)
        plan.run(network: 1)
        #expect(try relativeError(plan.tensor("last"), #require(expected["last"])) < 1e-5)
    }

    @Test func inactiveRowsAreNotWritten() throws {
        var graph = Graph()
        let rows = graph.input(Shape(channels: 4, height: 20, width: 1), name: "rows")
        graph.output(graph.dense(rows, 5, name: "dense"), name: "result")
        var plan = try Plan(FoldedNetwork(graph, .random(for: graph)))
        plan.write(noise([4, 20, 1], seed: 1), to: "rows")
        plan.run()
        let before = plan.tensor("result")
        plan.write(noise([4, 20, 1], seed: 2), to: "rows")
        plan.run(rows: 7)
        let after = plan.tensor("result")
        for channel in 0..<5 {
            for row in 0..<20 {
                let index = channel * 20 + row
                #expect((before[index] == after[index]) == (row >= 7))
            }
        }
        plan.run(rows: 0)
        #expect(plan.tensor("result") == after)
    }

    @Test(arguments: KernelSet.available)
    func runsAreBitIdentical(kernels: KernelSet) throws {
        let graph = smallNet(height: 32, width: 48)
        let network = FoldedNetwork(graph, .random(for: graph))
        var plan = try Plan(network, instructionSet: kernels.instructions)
        let images = (1...2).map { noise([3, 32, 48], seed: UInt64($0)) }
        plan.write(images[0], to: "image")
        plan.run()
        let first = plan.tensor("attended")
        plan.write(images[1], to: "image")
        plan.run()
        #expect(plan.tensor("attended") != first)
        plan.write(images[0], to: "image")
        plan.run()
        #expect(plan.tensor("attended") == first)
    }

    @Test(.timeLimit(.minutes(1)), arguments: KernelSet.available)
    func threadsDoNotChangeResults(kernels: KernelSet) throws {
        let graph = smallNet(height: 160, width: 224)
        let network = FoldedNetwork(graph, .random(for: graph))
        let image = noise([3, 160, 224], seed: 4)
        var alone = try Plan(network, instructionSet: kernels.instructions)
        alone.write(image, to: "image")
        alone.run()
        for threads in [2, 3, 7] {
            var shared = try Plan(
                network, instructionSet: kernels.instructions, threads: threads)
            shared.write(image, to: "image")
            for _ in 0..<5 {
                shared.run()
                for output in graph.outputs {
                    #expect(shared.tensor(output.name) == alone.tensor(output.name))
                }
            }
        }
    }

    @Test func layersWithoutAKernelAreRefused() {
        var graph = Graph()
        let input = graph.input(Shape(channels: 4, height: 4, width: 4), name: "input")
        graph.output(
            graph.averagePool(input, kernel: 3, stride: 2, padding: 1, name: "mean"), name: "result"
        )
        #expect(throws: PlanError.self) {
            _ = try Plan(FoldedNetwork(graph, .random(for: graph))).arenaBytes
        }
    }

    @Test func namesLimitTheInstructionSet() throws {
        #expect(try InstructionSet.limited(by: "portable") == .portable)
        #expect(try InstructionSet.limited(by: nil) == .best)
        #expect(try InstructionSet.limited(by: "") == .best)
        #expect(try InstructionSet.limited(by: "avx512") == .best)
        for set in InstructionSet.allCases {
            let left = try InstructionSet.limited(by: set.rawValue)
            #expect(left <= set && InstructionSet.available.contains(left))
            #expect(left == set || !InstructionSet.available.contains(set))
        }
        #expect(throws: PlanError.unknownInstructionSet("mmx")) {
            try InstructionSet.limited(by: "mmx")
        }
    }

    private func check(_ graph: Graph, _ kernels: KernelSet) throws {
        let weights = Weights.random(for: graph)
        let input = noise(graph.nodes[0].shape.dims, seed: 3)
        let expected = Interpreter(graph, weights).run([graph.nodes[0].name: input])
        var plan = try Plan(
            FoldedNetwork(graph, weights), instructionSet: kernels.instructions)
        plan.write(input, to: graph.nodes[0].name)
        plan.run()
        for output in graph.outputs {
            let error = try relativeError(plan.tensor(output.name), #require(expected[output.name]))
            #expect(error < 1e-5, "\(kernels) \(output.name) differs by \(error)")
        }
    }
}

/// A network with each kind of unit of a ThunderNet, with odd channel counts.
private func smallNet(height: Int, width: Int) -> Graph {
    var net = Graph()
    let image = net.input(Shape(channels: 3, height: height, width: width), name: "image")
    let stem = net.scoped("stem") { net in
        net.relu(net.normalize(net.conv(image, 10, kernel: 3, stride: 2)))
    }
    let pool = net.maxPool(stem, kernel: 3, stride: 2, padding: 1)
    let left = net.slice(pool, 0..<5, name: "left")
    let right = net.scoped("right") { net in
        let reduced = net.relu(
            net.normalize(net.conv(net.slice(pool, 5..<10, name: "half"), 7, kernel: 1)))
        let plane = net.scoped("plane") { $0.normalize($0.depthwise(reduced, kernel: 5)) }
        return net.scoped("expand") { $0.relu($0.normalize($0.conv(plane, 5, kernel: 1))) }
    }
    let joined = net.shuffle(net.concatenate(left, right), groups: 2)
    let small = net.depthwise(joined, kernel: 5, stride: 2, name: "small")
    let context = net.add(
        net.conv(joined, 12, kernel: 1, bias: true, name: "local"),
        net.upsample(net.conv(small, 12, kernel: 1, bias: true, name: "coarse"), like: joined),
        net.conv(net.globalAverage(small), 12, kernel: 1, bias: true, name: "global"))
    let gate = net.scoped("gate") { net in
        net.sigmoid(net.normalize(net.conv(context, 12, kernel: 1)))
    }
    net.output(joined, name: "joined")
    net.output(net.multiply(context, gate), name: "attended")
    return net
}
