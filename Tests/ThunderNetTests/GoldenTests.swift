import Scene
import Tensors
import TestSupport
import Testing

@testable import ThunderNet

/// Comparison with golden tensors of the PyTorch reference, stage by stage, within 1e-3.
struct GoldenTests {
    /// Cases for the slow reference engine; fewer without optimisation.
    #if DEBUG
        static let slowCases = [("random-snet49", "00349")]
    #else
        static let slowCases = [("random-snet49", "00349"), ("driving", "00349")]
    #endif
    static let pictures = ["00006", "00245", "00349", "00500"]

    @Test(arguments: [
        ("random-snet49", "00349"), ("driving", "00006"), ("driving", "00245"),
        ("driving", "00349"), ("driving", "00500"),
    ])
    func imagesBecomeExactlyTheGoldenInput(_ name: String, _ picture: String) throws {
        guard let golden = try Golden(name, picture) else { return }
        let size = golden.model.description.input
        var input = ImageInput(
            width: size.width, height: size.height, normalization: size.normalization,
            fit: size.fit)
        let planes = ImageInputTests.planes(
            &input, golden.picture, golden.width, golden.height)
        #expect(try planes == golden["input"].values)
    }

    @Test(arguments: [("random-snet49", "00349"), ("driving", "00349")])
    func anchorsMatchTheReference(_ name: String, _ picture: String) throws {
        guard let golden = try Golden(name, picture) else { return }
        let description = golden.model.description
        let anchors = Anchors(description.anchors, columns: description.input.width / 16)
        let expected = try golden["anchors"].values
        let found = (0..<expected.count / 4).flatMap { index in
            [anchors[index].x, anchors[index].y, anchors[index].right, anchors[index].bottom]
        }
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 2e-3 })
    }

    @Test(arguments: slowCases)
    func interpreterMatchesTheMapsOfTheBody(_ name: String, _ picture: String) throws {
        guard let golden = try Golden(name, picture) else { return }
        let size = golden.model.description.input
        let graph = try golden.model.description.graph(
            width: size.width, height: size.height, keepsFeatures: true)
        let maps = Interpreter(graph.body, golden.model.weights).run(["input": try golden["input"]])
        for output in graph.body.outputs {
            let map = try #require(maps[output.name])
            expectClose(map.values, try golden[output.name], output.name)
        }
    }

    @Test(arguments: [
        ("random-snet49", "00349"), ("driving", "00006"), ("driving", "00245"),
        ("driving", "00349"), ("driving", "00500"),
    ])
    func proposalsMatchTheReference(_ name: String, _ picture: String) throws {
        guard let golden = try Golden(name, picture) else { return }
        let size = golden.model.description.input
        var proposals = Proposals(
            golden.model.description, width: size.width, height: size.height)
        let layout = OutputLayout(channelStride: size.width * size.height / 256, cellStride: 1)
        var regions: [Detection] = []
        try golden["objectness"].withSpan { objectness in
            try golden["deltas"].withSpan { deltas in
                proposals.find(
                    objectness: objectness, layout, deltas: deltas, layout, into: &regions)
            }
        }
        let corners = regions.flatMap { [$0.box.x, $0.box.y, $0.box.right, $0.box.bottom] }
        expectClose(corners, try golden["proposals"], "proposals")
        expectClose(regions.map(\.score), try golden["proposalScores"], "scores")
    }

    @Test(arguments: slowCases)
    func interpreterMatchesPoolingAndHead(_ name: String, _ picture: String) throws {
        guard let golden = try Golden(name, picture) else { return }
        let size = golden.model.description.input
        let graph = try golden.model.description.graph(width: size.width, height: size.height)
        let weights = golden.model.weights
        let pooled = Interpreter(graph.pooling, weights).run([
            "attended": try golden["attended"], "regions": try golden["proposals"].transposed(),
        ])
        let rows = try golden["pooled"].reshaped(to: [200, 245])
        let found = try #require(pooled["pooled"]).reshaped(to: [245, 200]).transposed()
        expectClose(found.values, rows, "pooled")
        let outputs = Interpreter(graph.head, weights).run(["pooled": rows.transposed()])
        for name in ["classLogits", "boxDeltas"] {
            let expected = try golden[name]
            let values = try #require(outputs[name])
                .reshaped(to: [expected.dims[1], 200]).transposed()
            expectClose(values.values, expected, name)
        }
    }

    @Test(arguments: ["00006", "00245", "00349", "00500"])
    func postprocessingMatchesTheBoxes(_ picture: String) throws {
        guard let golden = try Golden("driving", picture) else { return }
        let description = golden.model.description
        var postprocess = Postprocess(
            description, width: 640, height: 352, options: DetectorOptions())
        let corners = try golden["proposals"].values
        let regions = (0..<corners.count / 4).map { row in
            Detection(
                classIndex: 0, score: 1,
                box: Box(
                    left: corners[4 * row], top: corners[4 * row + 1], right: corners[4 * row + 2],
                    bottom: corners[4 * row + 3]))
        }
        var detections: [Detection] = []
        try golden["classLogits"].withSpan { classes in
            try golden["boxDeltas"].withSpan { deltas in
                postprocess.find(
                    regions: regions, classes: classes,
                    OutputLayout(channelStride: 1, cellStride: 7), deltas: deltas,
                    OutputLayout(channelStride: 1, cellStride: 4), into: &detections)
            }
        }
        let placement = ImagePlacement(
            imageWidth: 640, imageHeight: 360, inputWidth: 640, inputHeight: 352, fit: .stretch)
        golden.expectSame(
            detections.map {
                Detection(
                    classIndex: $0.classIndex, score: $0.score, box: placement.imageBox(of: $0.box))
            })
    }

    @Test(.enabled(if: isOptimized, "minutes without optimisation"))
    func defaultEngineFindsTheBoxes() throws {
        guard let golden = try Golden("driving", "00349") else { return }
        var options = DetectorOptions()
        options.precision = .float32
        var detector = try Detector(model: golden.model, options: options)
        golden.expectSame(detector.detect(golden.picture, golden.width, golden.height))
    }

    @Test(arguments: [
        ("random-snet49", "00349"), ("driving", "00006"), ("driving", "00245"),
        ("driving", "00349"), ("driving", "00500"),
    ])
    func planMatchesTheMapsOfTheBody(_ name: String, _ picture: String) throws {
        guard let golden = try Golden(name, picture) else { return }
        let size = golden.model.description.input
        let graph = try golden.model.description.graph(
            width: size.width, height: size.height, keepsFeatures: true)
        var plan = try Plan(FoldedNetwork(graph.body, golden.model.weights))
        let image = Shape(channels: 3, height: size.height, width: size.width)
        plan.write(try golden["input"].reshaped(to: image), to: "input")
        plan.run()
        for output in graph.body.outputs {
            expectClose(plan.tensor(output.name).values, try golden[output.name], output.name)
        }
    }

    @Test(arguments: [
        ("random-snet49", "00349"), ("driving", "00006"), ("driving", "00245"),
        ("driving", "00349"), ("driving", "00500"),
    ])
    func planMatchesPoolingAndHead(_ name: String, _ picture: String) throws {
        guard let golden = try Golden(name, picture) else { return }
        let size = golden.model.description.input
        let graph = try golden.model.description.graph(width: size.width, height: size.height)
        let weights = golden.model.weights
        var pooling = try Plan(FoldedNetwork(graph.pooling, weights))
        let map = Shape(channels: 245, height: size.height / 16, width: size.width / 16)
        pooling.write(try golden["attended"].reshaped(to: map), to: "attended")
        let regions = Shape(channels: 4, height: 200, width: 1)
        pooling.write(
            try golden["proposals"].transposed().reshaped(to: regions), to: "regions")
        pooling.run()
        let rows = try golden["pooled"].reshaped(to: [200, 245]).transposed()
        expectClose(pooling.tensor("pooled").values, rows, "pooled")
        var head = try Plan(FoldedNetwork(graph.head, weights))
        head.write(
            rows.reshaped(to: Shape(channels: 245, height: 200, width: 1)), to: "pooled")
        head.run()
        for name in ["classLogits", "boxDeltas"] {
            expectClose(head.tensor(name).values, try golden[name].transposed(), name)
        }
    }

    @Test(arguments: pictures)
    func planFindsTheBoxes(_ picture: String) throws {
        guard let golden = try Golden("driving", picture) else { return }
        var options = DetectorOptions()
        options.engine = .plan
        var detector = try Detector(model: golden.model, options: options)
        let first = detector.detect(golden.picture, golden.width, golden.height)
        golden.expectSame(first)
        let second = detector.detect(golden.picture, golden.width, golden.height)
        #expect(first == second)
    }
}
