import Testing

@testable import Tensors

/// Maps stored in the channel order of RoI pooling.
struct ChannelOrdersTests {
    private static let pooling = RegionPool(
        bins: 3, depth: 4, samples: 2, reduction: .average, isAligned: true, stride: 16)

    /// A body, pooling and head like the detector's: a sum of GEMMs times a sigmoid, RoI pooling, a dense layer.
    private static let graphs: [Graph] = {
        var body = Graph()
        let input = body.input(Shape(channels: 8, height: 5, width: 6), name: "input")
        let small = body.conv(body.globalAverage(input), 36, kernel: 1, name: "small")
        let context = body.add(
            body.conv(input, 36, kernel: 1, bias: true, name: "one"),
            body.conv(input, 36, kernel: 1, name: "two"), small, name: "context")
        let plane = body.conv(
            context, 36, kernel: 5, groups: 36, name: "depthwise")
        let features = body.conv(plane, 16, kernel: 1, name: "features")
        let gate = body.sigmoid(body.conv(features, 36, kernel: 1, bias: true, name: "gate"))
        body.output(body.multiply(gate, context, name: "attended"), name: "attended")
        var pool = Graph()
        let map = pool.input(Shape(channels: 36, height: 5, width: 6), name: "attended")
        let regions = pool.input(Shape(channels: 4, height: 3, width: 1), name: "regions")
        pool.output(pool.regionPool(map, regions, pooling), name: "pooled")
        var head = Graph()
        let rows = head.input(Shape(channels: 36, height: 3, width: 1), name: "pooled")
        head.output(head.dense(rows, 7, name: "dense"), name: "scores")
        return [body, pool, head]
    }()

    @Test(arguments: KernelSet.available)
    func outputsMatchTheReference(kernels: KernelSet) throws {
        let weights = Self.graphs.map { Weights.random(for: $0) }
        let networks = zip(Self.graphs, weights).map { FoldedNetwork($0, $1) }
        let picture = noise([8, 5, 6], seed: 2)
        let regions = Tensor(dims: [4, 3, 1], [0, 10, 40, 0, 20, 5, 90, 60, 95, 70, 70, 80])
        var expected = Interpreter(Self.graphs[0], weights[0]).run(["input": picture])
        expected.merge(
            Interpreter(Self.graphs[1], weights[1]).run([
                "attended": try #require(expected["attended"]), "regions": regions,
            ])
        ) { $1 }
        expected.merge(
            Interpreter(Self.graphs[2], weights[2]).run([
                "pooled": try #require(expected["pooled"])
            ])
        ) { $1 }
        var plan = try Plan(networks, instructionSet: kernels.instructions)
        plan.write(picture, to: "input")
        plan.write(regions, to: "regions")
        for network in 0..<3 { plan.run(network: network) }
        for name in ["attended", "pooled", "scores"] {
            let error = try relativeError(plan.tensor(name), #require(expected[name]))
            #expect(error < 1e-5, "\(name) differs by \(error)")
        }
    }

    @Test func channelOrdersNeedNoGather() throws {
        let networks = Self.graphs.map { FoldedNetwork($0, Weights.random(for: $0)) }
        let layers = try Plan(networks).layers
        #expect(
            layers.allSatisfy { layer in
                if case .gather = layer.kind { return false }
                return true
            })
    }

    @Test func channelsOfABinAreAdjacent() {
        #expect(Self.pooling.storedOrder.prefix(5) == [0, 9, 18, 27, 1])
        #expect(Self.pooling.storedOrder.sorted() == Array(0..<36))
    }
}
