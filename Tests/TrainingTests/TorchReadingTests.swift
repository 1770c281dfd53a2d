import Configuration
import Tensors
import Testing
import ThunderNet

@testable import Training

@Suite(.enabled(if: TorchLibrary.isAvailable, "needs a build with the trait Training"))
struct TorchReadingTests {
    @Test(arguments: BackboneCatalog.names)
    func detectorBodyMatchesTheInterpreter(backbone: String) throws {
        let net = try #require(BackboneCatalog.backbone(backbone))
        let graph = DetectorGraph(
            ThunderNetDesign(backbone: net, classes: 6), width: 64, height: 32, keepsFeatures: true)
        for output in try readings(graph.body) {
            #expect(relativeError(output.torch, output.interpreter) < 1e-5, "\(output.name)")
        }
    }

    @Test(arguments: [1, 2], RegionHead.Boxes.allCases)
    func headMatchesTheInterpreter(layers: Int, boxes: RegionHead.Boxes) throws {
        let net = try #require(BackboneCatalog.backbone("snet49"))
        var design = ThunderNetDesign(backbone: net, classes: 6)
        (design.head.layers, design.head.boxes, design.regions) = (layers, boxes, 9)
        let graph = DetectorGraph(design, width: 32, height: 32).head
        let weights = Weights.random(for: graph)
        let shape = graph.nodes[0].shape
        let rows = Tensor(
            dims: [9, shape.channels], noise(shape.count, seed: 4))
        let expected = Interpreter(graph, weights).run([
            "pooled": rows.transposed().reshaped(to: shape)
        ])
        let parameters = try Parameters(weights, WeightManifest(graph))
        let found = try TorchReading(graph, parameters, ReadingOptions()).run([
            "pooled": TorchTensor(rows.values, rows.dims)
        ])
        for (name, tensor) in expected {
            let columns = tensor.reshaped(to: [tensor.dims[0], 9]).transposed()
            let values = try #require(found[name]).values()
            #expect(relativeError(values, columns.values) < 1e-5, "\(name)")
        }
    }

    @Test func classifierMatchesTheInterpreter() throws {
        let net = try #require(BackboneCatalog.backbone("menet-108-8x1"))
        for output in try readings(Classifier.graph(net, side: 64, classes: 10)) {
            #expect(relativeError(output.torch, output.interpreter) < 1e-5)
        }
    }

    static let layers: [(String, Graph)] = {
        let odd = Shape(channels: 12, height: 7, width: 5)
        func conv(_ outputs: Int, _ kernel: Int, _ stride: Int, _ groups: Int) -> Graph {
            .single(odd) { graph, x in
                let y = graph.conv(x, outputs, kernel: kernel, stride: stride, groups: groups)
                return graph.relu(graph.normalize(y))
            }
        }
        return [
            ("3x3 of stride 2", conv(8, 3, 2, 1)), ("grouped", conv(9, 3, 1, 3)),
            ("1x1 of stride 2", conv(4, 1, 2, 1)), ("depthwise", conv(12, 5, 1, 12)),
            ("depthwise of stride 2", conv(12, 3, 2, 12)),
            ("depthwise 5x5 of stride 2", conv(12, 5, 2, 12)),
            ("biased", .single(odd) { $0.conv($1, 5, kernel: 3, bias: true) }),
            (
                "biased and normalized",
                .single(odd) { graph, x in
                    graph.normalize(graph.conv(x, 5, kernel: 3, bias: true))
                }
            ),
            ("normalization alone", .single(odd) { $0.normalize($0.relu($1)) }),
            ("max", .single(odd) { $0.maxPool($1, kernel: 3, stride: 2, padding: 1) }),
            ("average", .single(odd) { $0.averagePool($1, kernel: 3, stride: 2, padding: 1) }),
            (
                "upsample",
                .single(odd) { graph, x in
                    graph.upsample(graph.maxPool(x, kernel: 3, stride: 3, padding: 0), like: x)
                }
            ),
            (
                "slice and concatenation",
                .single(odd) { graph, x in
                    let first = graph.slice(x, 1..<4, name: "a")
                    return graph.concatenate(graph.slice(x, 5..<12, name: "b"), first)
                }
            ),
            (
                "shuffle of two groups after a concatenation",
                .single(odd) { graph, x in
                    let (a, b) = (graph.relu(x), graph.sigmoid(x))
                    return graph.shuffle(graph.concatenate(a, b), groups: 2)
                }
            ),
            (
                "halves changed and interleaved",
                .single(odd) { graph, x in
                    let left = graph.slice(x, 0..<6, name: "left")
                    let right = graph.sigmoid(graph.slice(x, 6..<12, name: "right"))
                    return graph.shuffle(graph.concatenate(left, right), groups: 2)
                }
            ),
            (
                "interleaved and split in half",
                .single(odd) { graph, x in
                    let whole = graph.shuffle(
                        graph.concatenate(graph.relu(x), graph.sigmoid(x)), groups: 2)
                    let first = graph.slice(whole, 0..<12, name: "first")
                    let second = graph.slice(whole, 12..<24, name: "second")
                    return graph.multiply(second, first)
                }
            ),
            (
                "an odd count interleaved and split in half",
                .single(odd) { graph, x in
                    let map = graph.conv(x, 7, kernel: 1)
                    let whole = graph.shuffle(
                        graph.concatenate(graph.slice(x, 2..<9, name: "part"), map), groups: 2)
                    let first = graph.slice(whole, 0..<7, name: "first")
                    let second = graph.slice(whole, 7..<14, name: "second")
                    return graph.add(graph.sigmoid(first), second)
                }
            ),
            ("shuffle", .single(odd) { $0.shuffle($1, groups: 3) }),
            (
                "broadcast sum",
                .single(odd) { graph, x in
                    graph.add(x, graph.globalAverage(x), graph.sigmoid(x))
                }
            ),
            ("product", .single(odd) { $0.multiply($1, $0.sigmoid($1)) }),
            ("dense at every position", .single(odd) { $0.dense($1, 3, name: "d") }),
        ]
    }()

    @Test(arguments: layers.indices, [false, true])
    func everyOperationMatchesTheInterpreterOnOddSizes(layer: Int, isChannelsLast: Bool) throws {
        let (name, graph) = Self.layers[layer]
        let options = ReadingOptions(isChannelsLast: isChannelsLast)
        for output in try readings(graph, pictures: 3, options: options) {
            #expect(relativeError(output.torch, output.interpreter) < 1e-5, "\(name)")
        }
    }

    @Test(arguments: DepthwiseMethod.allCases, [(3, 1), (3, 2), (5, 1), (5, 2)])
    func depthwiseMethodsGiveEqualResults(method: DepthwiseMethod, layer: (Int, Int)) throws {
        let (kernel, stride) = layer
        // 62 channels are split into chunks of 31.
        let graph = Graph.single(Shape(channels: 62, height: 9, width: 7)) { graph, x in
            graph.normalize(graph.depthwise(x, kernel: kernel, stride: stride))
        }
        for statistics in NormStatistics.allCases {
            let native = try gradients(graph, ReadingOptions(statistics: statistics))
            let other = try gradients(
                graph, ReadingOptions(statistics: statistics, depthwise: method))
            for (name, values) in native {
                #expect(relativeError(other[name] ?? [], values) < 5e-6, "\(name)")
            }
            let narrow = try gradients(
                graph,
                ReadingOptions(type: .bfloat16, statistics: statistics, depthwise: method))
            // Normalization by the batch's own deviation subtracts nearly equal gradients.
            let tolerance: Float = statistics == .live ? 0.1 : 2e-2
            for (name, values) in native {
                #expect(
                    relativeError(narrow[name] ?? [], values) < tolerance, "\(name) in bfloat16")
            }
        }
    }

    /// Output and gradients of a fixed weighted sum of it, by name.
    private func gradients(
        _ graph: Graph, _ options: ReadingOptions
    ) throws -> [String: [Float]] {
        let parameters = try Parameters(.random(for: graph), WeightManifest(graph))
        let shape = graph.nodes[0].shape
        let input = try TorchTensor(noise(2 * shape.count, seed: 8), [2] + shape.dims)
        try input.requireGradient()
        let y = try #require(try TorchReading(graph, parameters, options).run(["x": input])["y"])
        let single = try y.cast(to: .float32)
        try single.weightedSum(noise(y.count, seed: 9)).backward()
        var found = ["y": try single.values(), "x": try #require(input.gradient).values()]
        for entry in parameters.trained {
            found[entry.manifest.name] = try #require(entry.tensor.gradient).values()
        }
        return found
    }

    @Test(arguments: [RegionPool.Reduction.average, .maximum], [false, true])
    func regionPoolingMatchesTheInterpreter(
        reduction: RegionPool.Reduction, isAligned: Bool
    ) throws {
        let pool = RegionPool(
            bins: 3, depth: 2, samples: 2, reduction: reduction, isAligned: isAligned, stride: 16)
        let boxes: [[Float]] = [
            [0, 0, 100, 60], [10.5, 3.25, 90, 47], [-40, -30, 20, 10], [80, 40, 200, 300],
            [-500, -500, -400, -400], [5, 5, 5, 5], [60, 50, 20, 10], [0, 0, 1, 1],
            [.nan, 0, 10, 10], [-16, -16, 112, 80],
        ]
        var graph = Graph()
        let map = graph.input(Shape(channels: 18, height: 4, width: 6), name: "map")
        let regions = graph.input(
            Shape(channels: 4, height: boxes.count, width: 1), name: "regions")
        graph.output(graph.regionPool(map, regions, pool), name: "pooled")
        let values = noise(18 * 24, seed: 5)
        let corners = Tensor(dims: [boxes.count, 4], boxes.flatMap { $0 })
        let expected = Interpreter(graph, .random(for: graph)).run([
            "map": Tensor(dims: [18, 4, 6], values),
            "regions": corners.transposed().reshaped(to: [4, boxes.count, 1]),
        ])
        // Both images of the batch have the same regions; the second image is compared.
        let reading = TorchReading(
            graph, try Parameters(.random(for: graph), WeightManifest(graph)), ReadingOptions())
        let found = try reading.run([
            "map": TorchTensor(noise(18 * 24, seed: 6) + values, [2, 18, 4, 6]),
            "regions": TorchTensor(corners.values + corners.values, [2, boxes.count, 4]),
        ])
        let rows = try #require(found["pooled"]).values()
        let columns = try #require(expected["pooled"]).reshaped(to: [18, boxes.count]).transposed()
        #expect(relativeError(Array(rows[(18 * boxes.count)...]), columns.values) < 1e-5)
    }
}
