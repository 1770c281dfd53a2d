import Pixels
import Scene
import Tensors

/// Computes a detector's networks on the reference kernels.
final class ReferenceEngine: InferenceEngine {
    private let body: Interpreter
    private let pooling: Interpreter
    private let head: Interpreter
    private let regions: Int
    private let shape: Shape
    private let cells: Int
    /// The input image, three numbers per pixel.
    private var image: [Float]
    private var maps: [String: Tensor] = [:]
    private var rows: [String: Tensor] = [:]

    var choice: EngineChoice { .reference }

    init(_ graph: DetectorGraph, _ weights: Weights) {
        body = Interpreter(graph.body, weights)
        pooling = Interpreter(graph.pooling, weights)
        head = Interpreter(graph.head, weights)
        regions = graph.head.nodes[0].shape.height
        shape = graph.body.nodes[0].shape
        cells = graph.pooling.nodes[0].shape.area
        image = Array(repeating: 0, count: shape.count)
    }

    private var layout: ImageLayout { ImageLayout(origin: 0, rowStride: 3 * shape.width) }

    func load(_ input: inout ImageInput, rgb: Span<UInt8>, width: Int, height: Int) {
        withImage { span, layout in
            input.fill(&span, layout, rgb: rgb, width: width, height: height)
        }
    }

    func load(_ input: inout ImageInput, scaled: [UInt8], _ placement: ImagePlacement) {
        withImage { span, layout in
            input.fill(&span, layout, scaled: scaled.span, placement)
        }
    }

    func load(_ input: inout ImageInput, _ picture: borrowing Picture) {
        let slot = withImage { span, _ in input.prepare(&span, for: picture).slot }
        let conversion = input.conversions[slot]
        picture.withBytes { first, second, third, rows in
            withImage { span, layout in
                conversion.load(
                    first, second, third, at: InlineArray { ImageConversion.Rows(rows[$0]) },
                    into: &span, rowStride: layout.rowStride)
            }
        }
    }

    /// Lends the input image for writing.
    private func withImage<Result>(
        _ body: (inout MutableSpan<Float>, ImageLayout) -> Result
    ) -> Result {
        var pixels: [Float] = []
        swap(&pixels, &image)
        var span = pixels.mutableSpan
        let result = body(&span, layout)
        image = pixels
        return result
    }

    func runBody() {
        var planes = Tensor(shape)
        planes.withMutableSpan { planes in
            for index in image.indices { planes[index % 3 * shape.area + index / 3] = image[index] }
        }
        maps = body.run(["input": planes])
    }

    func findRegions(_ proposals: inout Proposals, into regions: inout [Detection]) {
        let layout = OutputLayout(channelStride: cells, cellStride: 1)
        value("objectness", in: maps).withSpan { objectness in
            value("deltas", in: maps).withSpan { deltas in
                proposals.find(
                    objectness: objectness, layout, deltas: deltas, layout, into: &regions)
            }
        }
    }

    func pool(_ boxes: [Detection]) {
        var corners = Tensor(Shape(channels: 4, height: regions, width: 1))
        let layout = OutputLayout(channelStride: regions, cellStride: 1)
        corners.withMutableSpan { write(boxes, into: &$0, layout) }
        maps["pooled"] = value(
            "pooled",
            in: pooling.run(["attended": value("attended", in: maps), "regions": corners]))
    }

    func runHead(_: [Detection]) { rows = head.run(["pooled": value("pooled", in: maps)]) }

    func findObjects(
        _ postprocess: inout Postprocess, regions boxes: [Detection],
        into detections: inout [Detection]
    ) {
        let layout = OutputLayout(channelStride: regions, cellStride: 1)
        value("classLogits", in: rows).withSpan { classes in
            value("boxDeltas", in: rows).withSpan { deltas in
                postprocess.find(
                    regions: boxes, classes: classes, layout, deltas: deltas, layout,
                    into: &detections)
            }
        }
    }

    private func value(_ name: String, in values: [String: Tensor]) -> Tensor {
        guard let tensor = values[name] else {
            preconditionFailure("\(name) is read before it is computed")
        }
        return tensor
    }
}
