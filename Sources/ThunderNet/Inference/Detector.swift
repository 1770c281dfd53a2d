import Foundation
public import Pixels
public import Scene
public import Tensors

/// What is asked of a detector beyond its model.
public struct DetectorOptions: Hashable, Sendable {
    /// Input width in pixels, a multiple of 32; nil for the model's own.
    public var width: Int?
    /// Input height in pixels, a multiple of 32; nil for the model's own.
    public var height: Int?
    /// How pictures of another proportion are made to fit; nil for the model's own way.
    public var fit: PictureFit?
    /// Detections must score more than this; nil for the model's own.
    public var minimumScore: Float?
    /// Indices of the classes that are looked for; nil for all.
    public var classes: Set<Int>?
    /// What computes the networks.
    public var engine = EngineChoice.automatic
    /// Threads that share the larger layers, the calling one included; results do not depend on it.
    public var threads = 1
    /// What the plan's products are computed in.
    public var precision = PrecisionChoice.automatic

    /// Everything as the model has it.
    public init() {}
}

/// Finds the objects in a picture: a ThunderNet with everything around it.
///
/// Belongs to one thread at a time. All storage is made at the start; in the steady state (pictures of one
/// size) nothing is allocated, the reference engine apart.
public struct Detector: ~Copyable {
    /// Names of the classes that a detection's `classIndex` counts.
    public let classes: [String]
    /// Input width in pixels.
    public let width: Int
    /// Input height in pixels.
    public let height: Int

    /// What the products are computed in, as far as the model allows it for each.
    public let precision: Precision

    /// What computes the networks: ``EngineChoice/plan`` or ``EngineChoice/reference``.
    public var engineChoice: EngineChoice { engine.choice }

    private var input: PictureInput
    private var engine: Engine
    private var proposals: Proposals
    private var postprocess: Postprocess
    private var regions: [Detection] = []
    private var scaled: [UInt8]

    /// Prepares a model for one input size.
    ///
    /// - Throws: `ModelError` unless both sides are multiples of 32; `PlanError` where the plan was asked for
    ///   and cannot be made.
    public init(model: Model, options: DetectorOptions = DetectorOptions()) throws {
        let description = model.description
        let width = options.width ?? description.input.width
        let height = options.height ?? description.input.height
        let graph = try description.graph(width: width, height: height)
        // A noncopyable value is made whole or not at all: whatever can fail comes first.
        let set = try InstructionSet.limited(
            by: ProcessInfo.processInfo.environment["THUNDERLINE_CPU"])
        let precision = try description.narrowing.resolve(options.precision, on: set)
        engine = try Engine(
            options.engine, graph, model.weights, set, threads: options.threads,
            precisions: description.narrowing.map(for: precision, on: set))
        self.precision = engine.choice == .plan ? precision : .float32
        self.width = width
        self.height = height
        classes = description.classes
        input = PictureInput(
            width: width, height: height, normalization: description.input.normalization,
            fit: options.fit ?? description.input.fit)
        proposals = Proposals(description, width: width, height: height)
        postprocess = Postprocess(description, width: width, height: height, options: options)
        regions.reserveCapacity(description.proposals.before)
        scaled = Array(repeating: 0, count: 3 * width * height)
    }

    /// Finds the objects in a picture.
    ///
    /// - Parameters:
    ///   - rgb: 8-bit red, green, blue, rows without gaps.
    ///   - pictureWidth: Width of the picture in pixels; any.
    ///   - pictureHeight: Height of the picture in pixels; any.
    ///   - detections: Replaced by what is seen, best first, in pixels of the picture.
    public mutating func detect(
        rgb: Span<UInt8>, width pictureWidth: Int, height pictureHeight: Int,
        into detections: inout [Detection]
    ) {
        load(rgb: rgb, width: pictureWidth, height: pictureHeight)
        detectLoaded(into: &detections)
    }

    /// Takes a picture, resizes and normalises it; ``detectLoaded(into:)`` follows.
    public mutating func load(rgb: Span<UInt8>, width pictureWidth: Int, height pictureHeight: Int)
    {
        engine.load(&input, rgb: rgb, width: pictureWidth, height: pictureHeight)
    }

    /// Takes a decoded picture: resized, turned into colours and normalised in one pass over its planes.
    ///
    /// Resizes as for stills, but each plane by itself and without rounding to 8 bits on the way, so that numbers
    /// differ from those of the same picture in RGB by about half a step. Allocates when the size, format or colours
    /// of pictures change. ``detectLoaded(into:)`` follows.
    public mutating func load(_ picture: borrowing Picture) {
        engine.load(&input, picture)
    }

    /// Lends a buffer for a picture that the caller scales, and normalises what was written.
    ///
    /// ``detectLoaded(into:)`` follows.
    ///
    /// - Parameters:
    ///   - pictureWidth: Width of the whole picture in pixels, to which detections will refer.
    ///   - pictureHeight: Height of the whole picture in pixels.
    ///   - body: Receives the buffer (8-bit red, green, blue, rows without gaps) and the size to scale to,
    ///     which is the input's, or less on one side under ``PictureFit/letterbox``.
    /// - Throws: What `body` throws; nothing was loaded then.
    public mutating func withInputBuffer<Failure: Error>(
        pictureWidth: Int, pictureHeight: Int,
        _ body: (inout MutableSpan<UInt8>, _ width: Int, _ height: Int) throws(Failure) -> Void
    ) throws(Failure) {
        let placement = input.placement(width: pictureWidth, height: pictureHeight)
        var buffer = scaled.mutableSpan
        try body(&buffer, placement.width, placement.height)
        engine.load(&input, scaled: scaled, placement)
    }

    /// A part of looking at a picture that was loaded.
    public enum Step: String, CaseIterable, Sendable {
        /// The network up to proposal outputs and attended features.
        case network
        /// From its outputs to regions: the best anchors, decoded and thinned out.
        case proposals
        /// Pooling of the regions.
        case pooling
        /// The products of the region head.
        case head
        /// From the head's outputs to detections: scores, boxes, suppression.
        case suppression
    }

    /// Finds the objects in the picture that was loaded last.
    ///
    /// - Parameters:
    ///   - detections: Replaced by what is seen, best first, in pixels of the picture.
    ///   - done: Called after each step, for those who measure.
    public mutating func detectLoaded(
        into detections: inout [Detection], after done: (Step) -> Void = { _ in }
    ) {
        engine.runBody()
        done(.network)
        engine.findRegions(&proposals, into: &regions)
        done(.proposals)
        engine.pool(regions)
        done(.pooling)
        engine.runHead(regions)
        done(.head)
        engine.findObjects(&postprocess, regions: regions, into: &detections)
        for index in detections.indices {
            detections[index].box = input.placement.picture(detections[index].box)
        }
        done(.suppression)
    }
}
