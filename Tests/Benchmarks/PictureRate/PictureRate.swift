import Configuration
import Datasets
import Glibc
import Scene
import ThunderNet
import Training

/// `picture-rate [SECONDS]`: measures augmented 640×352 inputs per second of CPU time, by stage.
///
/// Images are noise of 640×360 in memory. Stages alternate in rounds, so that other load affects all of them; the
/// median of the rounds is printed.
@main
enum PictureRate {
    static let extent = PictureExtent(width: 640, height: 352)
    static let batch = 32

    static func main() {
        let seconds = CommandLine.arguments.dropFirst().first.flatMap(Double.init) ?? 10
        let pictures = (0..<64).map(noise)
        let kinds: [(String, AugmentationOptions)] = [
            ("whole", .none), ("default", AugmentationOptions()), ("mosaic", mosaic()),
            ("expanded", expanded()),
        ]
        var lines = kinds.flatMap { name, options in
            Stage.allCases.map { Line(name: name, options: options, stage: $0) }
        }
        let end = ContinuousClock.now + .seconds(seconds)
        var round = 0
        repeat {
            for index in lines.indices { lines[index].measure(round, pictures) }
            round += 1
        } while ContinuousClock.now < end
        print(
            "inputs per second of CPU time, \(extent.width)x\(extent.height), median of \(round)"
        )
        for line in lines { print(line.text) }
    }

    private static func mosaic() -> AugmentationOptions {
        var options = AugmentationOptions()
        options.mosaic = 1
        return options
    }

    private static func expanded() -> AugmentationOptions {
        var options = AugmentationOptions()
        (options.mosaic, options.expand, options.expandLimit) = (0, 1, 3)
        return options
    }

    private static func noise(_ item: Int) -> DecodedPicture {
        var random = RandomStream(seed: 1, epoch: 0, item: item, purpose: .color)
        let size = PictureExtent(width: 640, height: 360)
        return DecodedPicture(
            extent: size, source: size,
            rgb: (0..<3 * 640 * 360).map { _ in UInt8(truncatingIfNeeded: random.word()) })
    }
}

/// Measured stage: rendering alone, or with conversion to a network input.
enum Stage: String, CaseIterable {
    case pixels
    case planes = "+ float32 planes"
    case bfloat16 = "+ bfloat16 pixels"
}

/// Rates of one augmentation and stage.
struct Line {
    let name: String
    let options: AugmentationOptions
    let stage: Stage
    private var rates: [Double] = []
    private var renderer = PictureRenderer()
    private var canvas: [UInt8] = []
    private var floats: [Float]
    private var words: [UInt16]

    init(name: String, options: AugmentationOptions, stage: Stage) {
        (self.name, self.options, self.stage) = (name, options, stage)
        let count = 3 * PictureRate.extent.width * PictureRate.extent.height
        floats = [Float](repeating: 0, count: count)
        words = [UInt16](repeating: 0, count: count)
    }

    var text: String {
        let rate = rates.sorted()[rates.count / 2]
        return "\(name) \(stage.rawValue): \(Int(rate.rounded()))"
    }

    mutating func measure(_ round: Int, _ pictures: [DecodedPicture]) {
        let training = pictures.indices.map { index in
            TrainingPicture(
                stored: index, extent: pictures[index].extent,
                annotations: [
                    Annotation(classIndex: 0, box: Box(x: 300, y: 150, width: 60, height: 50))
                ])
        }
        let set = TrainingSet(classes: ["car"], pictures: training)
        let augmenter = Augmenter(set, options: options, seed: 7)
        let normalization = InputNormalization.imageNet
        let start = clock()
        for place in 0..<PictureRate.batch {
            let plan = augmenter.plan(
                picture: place % pictures.count, epoch: round, place: place,
                extent: PictureRate.extent, progress: 0)
            renderer.render(plan, from: pictures, into: &canvas)
            let pixels = canvas
            switch stage {
            case .pixels: break
            case .planes:
                var span = floats.mutableSpan
                InputWriter(normalization, order: .planes)
                    .write(pixels.span, plan.color, into: &span)
            case .bfloat16:
                var span = words.mutableSpan
                InputWriter(normalization, order: .pixels)
                    .write(pixels.span, plan.color, into: &span)
            }
        }
        let took = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        rates.append(Double(PictureRate.batch) / took)
    }
}
