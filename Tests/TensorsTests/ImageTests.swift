import Testing

@testable import Tensors

/// The image kernel, compared with the reference in Double.
struct ImageTests {
    /// Contents of a frame.
    enum Bytes: CaseIterable {
        case noise, zeros, ones, stripes

        /// A sample of `bits` bits.
        func next(_ index: Int, _ bits: Int, _ source: inout NormalSource) -> Int {
            let peak = (1 << bits) - 1
            return switch self {
            case .noise: Int(source.bits() >> 8) & peak
            case .zeros: 0
            case .ones: peak
            case .stripes: index % 2 == 0 ? peak : 0
            }
        }
    }

    /// Planes and the locations of their components.
    struct Layout: Sendable {
        var steps: [Int]
        var components: [(plane: Int, phase: Int)]
        /// Subsampling factor of chroma.
        var shrink = 1

        static let all = [
            Layout(steps: [1], components: [(0, 0), (0, 0), (0, 0)]),
            Layout(steps: [3], components: [(0, 0), (0, 1), (0, 2)]),
            Layout(steps: [1, 1, 1], components: [(0, 0), (1, 0), (2, 0)]),
            Layout(steps: [1, 1, 1], components: [(0, 0), (1, 0), (2, 0)], shrink: 2),
            Layout(steps: [1, 2], components: [(0, 0), (1, 0), (1, 1)], shrink: 2),
        ]
    }

    /// The planes of a frame.
    struct Planes {
        var bytes: [[UInt8]] = []
        var places: [ImageConversion.Rows] = []

        subscript(_ plane: Int) -> [UInt8] { bytes[min(plane, bytes.count - 1)] }

        var rows: InlineArray<3, ImageConversion.Rows> {
            InlineArray { places[min($0, places.count - 1)] }
        }
    }

    /// An axis that averages or interpolates, depending on the sizes.
    static func axis(_ source: Int, _ target: Int) -> ImageConversion.Axis {
        var axis = ImageConversion.Axis()
        let scale = Double(source) / Double(target)
        for place in 0..<target {
            let start = max(0, min(Double(place) * scale, Double(source) - 1))
            let end = max(start + 1, min(start + scale, Double(source)))
            let first = Int(start)
            let last = min(source, Int(end.rounded(.up)))
            let shares = (first..<last).map {
                Float(min(end, Double($0 + 1)) - max(start, Double($0)))
            }
            let sum = shares.reduce(0, +)
            axis.append(first: first, weights: shares.map { $0 / sum })
        }
        return axis
    }

    static func conversion(
        _ layout: Layout, bits: Int, from source: (Int, Int), to target: (Int, Int),
        left: Int = 0, top: Int = 0
    ) -> ImageConversion {
        let unit = 255 / Float((1 << bits) - 1)
        let planes = layout.steps.enumerated().map { plane, step in
            let shrink = plane == 0 ? 1 : layout.shrink
            let (width, height) = (
                (source.0 + shrink - 1) / shrink, (source.1 + shrink - 1) / shrink
            )
            return ImageConversion.Plane(
                samples: width * step, step: step, horizontal: axis(width, target.0),
                vertical: axis(height, target.1))
        }
        return ImageConversion(
            planes: planes, sampleBits: bits,
            components: InlineArray {
                .init(plane: layout.components[$0].plane, phase: layout.components[$0].phase)
            },
            colors: [
                .init(factors: SIMD3(1, 0, 1.5) * unit, offset: -190, scale: 1, shift: 0),
                .init(factors: SIMD3(1, -0.2, -0.4) * unit, offset: 80, scale: 0.5, shift: 7),
                .init(factors: SIMD3(1, 1.8, 0) * unit, offset: -230, scale: 2, shift: -255),
            ], left: left, top: top)
    }

    static func planes(
        _ conversion: ImageConversion, _ source: (Int, Int), shrink: Int, fill: Bytes,
        isBottomUp: Bool
    ) -> Planes {
        var random = NormalSource(seed: 3)
        var planes = Planes()
        for (index, plane) in conversion.planes.enumerated() {
            let rows = index == 0 ? source.1 : (source.1 + shrink - 1) / shrink
            let row = plane.samples * conversion.sampleBytes
            let stride = row + 6
            // Nothing follows the last row, so that a look beyond it is a look outside.
            let bytes = conversion.sampleBytes
            let samples = (0..<((rows - 1) * stride + row) / bytes).map {
                fill.next($0, conversion.sampleBits, &random)
            }
            planes.bytes.append(
                samples.flatMap { sample in
                    (0..<bytes).map { UInt8(truncatingIfNeeded: sample >> (8 * $0)) }
                })
            planes.places.append(
                isBottomUp
                    ? .init(origin: (rows - 1) * stride, stride: -stride)
                    : .init(origin: 0, stride: stride))
        }
        return planes
    }

    /// A plan with an image input of a size.
    static func plan(_ width: Int, _ height: Int, _ set: InstructionSet, threads: Int = 1) throws
        -> Plan
    {
        var graph = Graph()
        let image = graph.input(Shape(channels: 3, height: height, width: width), name: "input")
        graph.output(graph.conv(image, 4, kernel: 3, stride: 2, name: "conv"), name: "map")
        let network = FoldedNetwork(graph, Weights.random(for: graph))
        return try Plan(network, instructionSet: set, threads: threads)
    }

    /// The plan's input after a load, with pixels of sevens outside the frame.
    static func loaded(
        _ plan: inout Plan, _ conversion: ImageConversion, _ planes: Planes
    ) -> [Float] {
        plan.withInput("input") { span, layout in
            for row in 0..<layout.shape.height {
                for column in 0..<layout.shape.width {
                    for channel in 0..<3 {
                        span[layout.index(channel: channel, row: row, column: column)] = 7
                    }
                }
            }
        }
        plan.prepare(conversion)
        plan.load(
            image: "input", planes[0].span, planes[1].span, planes[2].span, at: planes.rows)
        return plan.withInput("input") { span, layout in
            var numbers: [Float] = []
            for row in 0..<layout.shape.height {
                let start = layout.index(channel: 0, row: row, column: 0)
                for index in 0..<3 * layout.shape.width { numbers.append(span[start + index]) }
            }
            return numbers
        }
    }

    static func expected(
        _ width: Int, _ height: Int, _ conversion: ImageConversion, _ planes: Planes
    ) -> [Float] {
        var numbers = [Float](repeating: 7, count: 3 * width * height)
        var span = numbers.mutableSpan
        conversion.load(
            planes[0].span, planes[1].span, planes[2].span, at: planes.rows, into: &span,
            rowStride: 3 * width)
        return numbers
    }

    /// Error limit: each summed row or column adds at most half a 256th of a step, and each number at most 5.6 sums.
    static func tolerance(_ conversion: ImageConversion) -> Float {
        let rows = conversion.planes.flatMap(\.vertical.count).max() ?? 1
        let columns = conversion.planes.flatMap(\.horizontal.count).max() ?? 1
        return 0.02 + 5.6 * Float(rows + columns) / 512
    }

    /// Sizes of source and result: shrinking, growing, odd, shorter than a vector, one pixel.
    static let sizes: [((Int, Int), (Int, Int))] = [
        ((200, 120), (64, 40)), ((97, 51), (64, 32)), ((33, 17), (61, 35)), ((1, 1), (32, 17)),
        ((5, 3), (19, 23)), ((1000, 9), (31, 9)), ((64, 64), (64, 64)), ((40, 500), (3, 1)),
    ]

    @Test(arguments: KernelSet.available, Layout.all)
    func matchesTheReference(kernels: KernelSet, layout: Layout) throws {
        var plan = try Self.plan(66, 67, kernels.instructions)
        for (source, target) in Self.sizes {
            for bits in [8, 10, 16] {
                for (fill, isBottomUp) in zip(Bytes.allCases, [false, true, false, true]) {
                    let conversion = Self.conversion(
                        layout, bits: bits, from: source, to: target, left: 1, top: 2)
                    let planes = Self.planes(
                        conversion, source, shrink: layout.shrink, fill: fill,
                        isBottomUp: isBottomUp)
                    let expected = Self.expected(66, 67, conversion, planes)
                    let result = Self.loaded(&plan, conversion, planes)
                    let worst = zip(result, expected).map { abs($0 - $1) }.max() ?? .nan
                    #expect(
                        worst < Self.tolerance(conversion),
                        "\(source) to \(target), \(bits) bits, \(fill)")
                }
            }
        }
    }

    @Test(arguments: KernelSet.available)
    func threadsDoNotChangeTheImage(kernels: KernelSet) throws {
        let layout = Layout.all[3]
        let conversion = Self.conversion(layout, bits: 8, from: (301, 203), to: (64, 57))
        let planes = Self.planes(
            conversion, (301, 203), shrink: 2, fill: .noise, isBottomUp: false)
        var alone = try Self.plan(64, 57, kernels.instructions)
        let expected = Self.loaded(&alone, conversion, planes)
        for threads in 2...5 {
            var plan = try Self.plan(64, 57, kernels.instructions, threads: threads)
            #expect(Self.loaded(&plan, conversion, planes) == expected, "\(threads) threads")
        }
    }

    @Test func referenceMatchesHandComputedValues() {
        // Two columns to one: their mean; luma alone; held within 255, halved, less ten.
        var conversion = Self.conversion(Layout.all[0], bits: 8, from: (2, 1), to: (1, 1))
        conversion.colors = InlineArray {
            .init(factors: SIMD3(Float($0 + 1), 0, 0), offset: 1, scale: 0.5, shift: -10)
        }
        let planes = Planes(bytes: [[100, 104]], places: [.init(origin: 0, stride: 2)])
        #expect(
            Self.expected(1, 1, conversion, planes) == [41.5, 92.5, 117.5])
    }
}
