public import Pixels
public import Scene
public import Tensors

/// Options of a ``Detector`` besides its model.
public struct DetectorOptions: Hashable, Sendable {
    /// Input width in pixels, a multiple of 32; nil for the model's own.
    public var width: Int?
    /// Input height in pixels, a multiple of 32; nil for the model's own.
    public var height: Int?
    /// Fit of images with another aspect ratio; nil for the model's own.
    public var fit: ImageFit?
    /// Detections must score more than this, 0 to 1; nil for the model's own threshold.
    public var minimumScore: Float?
    /// Indices of the wanted classes; nil for all.
    public var classes: Set<Int>?
    /// The implementation that computes the networks.
    public var engine = EngineChoice.automatic
    /// Threads that share large layers, including the caller.
    ///
    /// Results do not depend on it.
    public var threads = 1
    /// Precision of the plan's GEMMs.
    public var precision = PrecisionChoice.automatic
    /// Upper limit of the kernels' instruction set.
    public var instructionSet = InstructionSet.best

    /// The model's own settings.
    public init() {}
}

/// An object detector: preprocessing, ThunderNet, and postprocessing.
///
/// Belongs to one thread at a time. All memory is allocated in `init`. Detection does not allocate while the size of
/// images stays the same, except with the reference engine.
public struct Detector: ~Copyable {
    /// Class names by a detection's `classIndex`.
    public let classes: [String]
    /// Input width in pixels.
    public let width: Int
    /// Input height in pixels.
    public let height: Int

    /// Precision of the GEMMs; layers that the model excludes use a higher one.
    public let precision: Precision

    /// The implementation: ``EngineChoice/plan`` or ``EngineChoice/reference``.
    public var engineChoice: EngineChoice { engine.choice }

    private var input: ImageInput
    private let engine: any InferenceEngine
    private var proposals: Proposals
    private var postprocess: Postprocess
    private var regions: [Detection] = []
    private var scaled: [UInt8]

    /// Prepares a model for one input size.
    ///
    /// - Throws: `ModelError` unless both sides are multiples of 32; `PlanError` when the plan was chosen and cannot be
    ///   built, or the instruction set lacks the precision.
    public init(model: Model, options: DetectorOptions = DetectorOptions()) throws {
        let description = model.description
        let width = options.width ?? description.input.width
        let height = options.height ?? description.input.height
        let graph = try description.graph(width: width, height: height)
        // A noncopyable value is initialised completely or not at all, so throwing calls come first.
        let set = options.instructionSet
        let precision = try description.lowPrecision.resolve(options.precision, on: set)
        engine = try options.engine.engine(
            graph, model.weights, set, threads: options.threads,
            precisions: description.lowPrecision.map(for: precision, on: set))
        self.precision = engine.choice == .plan ? precision : .float32
        self.width = width
        self.height = height
        classes = description.classes
        input = ImageInput(
            width: width, height: height, normalization: description.input.normalization,
            fit: options.fit ?? description.input.fit)
        proposals = Proposals(description, width: width, height: height)
        postprocess = Postprocess(description, width: width, height: height, options: options)
        regions.reserveCapacity(description.proposals.before)
        scaled = Array(repeating: 0, count: 3 * width * height)
    }

    /// Detects the objects in an image.
    ///
    /// - Parameters:
    ///   - rgb: 8-bit red, green, blue, rows without gaps.
    ///   - imageWidth: Width of the image in pixels; any.
    ///   - imageHeight: Height of the image in pixels; any.
    ///   - detections: Replaced by the detections, best first, in pixels of the image.
    public mutating func detect(
        rgb: Span<UInt8>, width imageWidth: Int, height imageHeight: Int,
        into detections: inout [Detection]
    ) {
        load(rgb: rgb, width: imageWidth, height: imageHeight)
        detectLoaded(into: &detections)
    }

    /// Loads an image: resizes and normalises it.
    ///
    /// Call ``detectLoaded(into:after:)`` next.
    public mutating func load(rgb: Span<UInt8>, width imageWidth: Int, height imageHeight: Int) {
        engine.load(&input, rgb: rgb, width: imageWidth, height: imageHeight)
    }

    /// Loads a decoded frame: resizes, converts and normalises it in one pass over its planes.
    ///
    /// Resizes like RGB images, but each plane separately and without rounding to 8 bits in between. Values therefore
    /// differ from those of the same image in RGB by about half a step. Allocates when the size, format or colours of
    /// frames change. Call ``detectLoaded(into:after:)`` next.
    public mutating func load(_ picture: borrowing Picture) {
        engine.load(&input, picture)
    }

    /// Lends a buffer for an image that the caller scales, and normalises it afterwards.
    ///
    /// Call ``detectLoaded(into:after:)`` next.
    ///
    /// - Parameters:
    ///   - imageWidth: Width of the original image in pixels, to which detections refer.
    ///   - imageHeight: Height of the original image in pixels.
    ///   - body: Receives the buffer (8-bit red, green, blue, rows without gaps) and the size to scale to: the input's,
    ///     or less on one side with ``ImageFit/letterbox``.
    /// - Throws: Errors of `body`; nothing is loaded then.
    public mutating func withInputBuffer<Failure: Error>(
        imageWidth: Int, imageHeight: Int,
        _ body: (inout MutableSpan<UInt8>, _ width: Int, _ height: Int) throws(Failure) -> Void
    ) throws(Failure) {
        let placement = input.placement(width: imageWidth, height: imageHeight)
        var buffer = scaled.mutableSpan
        try body(&buffer, placement.width, placement.height)
        engine.load(&input, scaled: scaled, placement)
    }

    /// A step of detection in a loaded image.
    public enum Step: String, CaseIterable, Sendable {
        /// The body network: proposal outputs and attended features.
        case network
        /// Selection of regions: the best anchors, decoded and suppressed.
        case proposals
        /// RoI pooling.
        case pooling
        /// The head network.
        case head
        /// Conversion of the head's outputs to detections: scores, boxes, suppression.
        case suppression
    }

    /// Detects the objects in the image that was loaded last.
    ///
    /// - Parameters:
    ///   - detections: Replaced by the detections, best first, in pixels of the image.
    ///   - done: Called after each step, for measurements.
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
            detections[index].box = input.placement.imageBox(of: detections[index].box)
        }
        done(.suppression)
    }
}
