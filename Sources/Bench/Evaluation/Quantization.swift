internal import Configuration
public import Flow
internal import Foundation
public import Pipeline
internal import Scene
public import ThunderNet
internal import Video

/// Calibration of a model for 8 bits, with the loss of accuracy measured on a data set.
public struct Quantization: Sendable {
    /// Result of a calibration.
    public struct Report: Sendable {
        /// Number of images and frames used for calibration.
        public let images: Int
        /// Number of layers in 8 bits, and of all that could be.
        public let quantized: Int, layers: Int
        /// Average precision in float32, bfloat16 and 8 bits; nil without a data set, or where the processor lacks
        /// the instructions.
        public let averagePrecisions: [(precision: String, value: Double?)]
    }

    /// Distance of the frames taken from a video.
    private static let videoStep = 15
    /// Limit of images and frames.
    private static let imageLimit = 300
    /// Initial limit of the sum of all layers' relative errors.
    private static let firstErrorLimit = 0.1

    private let sources: [InputSource]
    private let dataset: String?
    private let model: Model
    private let environment: InferenceEnvironment

    /// Loads the model and finds the sources.
    ///
    /// - Parameters:
    ///   - sources: Images, videos, folders, patterns, lists.
    ///   - name: A shipped model's name or a model file.
    ///   - dataset: A data set to measure on, or nil.
    ///   - roundsToHalf: True to round the weights to half precision first.
    ///   - environment: Model folders and instruction set.
    /// - Throws: A `RunError` when one of them is missing or wrong.
    public init(
        sources: [String], model name: String, dataset: String?, roundsToHalf: Bool = false,
        environment: InferenceEnvironment = InferenceEnvironment()
    ) throws(RunError) {
        self.environment = environment
        self.sources = try SourceList.expand(sources)
        self.dataset = dataset
        do {
            let loaded = try environment.catalog.model(name)
            model = roundsToHalf ? try loaded.roundedToHalf() : loaded
        } catch {
            throw RunError(.model, "\(error)")
        }
    }

    /// Calibrates, measures and writes the model.
    ///
    /// With a data set, layers are returned to higher precision until the loss on it is acceptable.
    ///
    /// - Throws: A `RunError` when an image cannot be read, the file cannot be written, or on a stop.
    public func run(
        to output: String, console: Console, stop: StopSignal
    ) throws(RunError) -> Report {
        do {
            var quantizer = try calibrated(console, stop)
            return try settle(&quantizer, to: output, console, stop)
        } catch let error as RunError {
            throw error
        } catch let error as VideoError {
            throw RunError(error)
        } catch is CancellationError {
            throw RunError(.interrupted, "Stopped before the end.")
        } catch {
            throw RunError(.model, "\(error)")
        }
    }

    /// A quantizer that has observed all images and frames.
    private func calibrated(_ console: Console, _ stop: StopSignal) throws -> Quantizer {
        var quantizer = try Quantizer(model: model, instructionSet: environment.instructionSet)
        for job in sources where quantizer.images < Self.imageLimit {
            try observe(job, with: &quantizer, console, stop)
        }
        guard quantizer.images > 0 else {
            throw RunError(.noVideo, "The sources have no image or frame to calibrate with.")
        }
        return quantizer
    }

    /// Writes the model with as many layers in 8 bits as keep the loss acceptable, if a data set can tell.
    private func settle(
        _ quantizer: inout Quantizer, to output: String, _ console: Console, _ stop: StopSignal
    ) throws -> Report {
        let images = pluralized(quantizer.images, "image", "images")
        console.info("\(images); measuring the layers one by one …")
        let errors = try quantizer.errors { stop.isRequested }
        var limit = Self.firstErrorLimit
        while true {
            var lowPrecision = quantizer.lowPrecision(errors, errorLimit: limit)
            let values = try measure(&lowPrecision, to: output, console, stop)
            try model.withLowPrecision(lowPrecision).write(to: URL(fileURLWithPath: output))
            if dataset == nil || lowPrecision.permitsInt8 || lowPrecision.ranges.isEmpty {
                return Report(
                    images: quantizer.images, quantized: lowPrecision.ranges.count,
                    layers: errors.count, averagePrecisions: values)
            }
            console.info("8 bits lose too much accuracy; trying fewer layers")
            limit /= 3
        }
    }

    private func observe(
        _ job: InputSource, with quantizer: inout Quantizer, _ console: Console, _ stop: StopSignal
    ) throws {
        var frames = try SpacedFrames(job.source, step: Self.videoStep)
        while quantizer.images < Self.imageLimit, try frames.next() {
            if stop.isRequested { throw RunError(.interrupted, "Stopped before the end.") }
            quantizer.observe(
                rgb: frames.rgb.span, width: frames.width, height: frames.height)
            console.progress(pluralized(quantizer.images, "image", "images"))
        }
    }

    /// Average precision of each arithmetic; the losses of the lower ones are recorded in `lowPrecision`.
    private func measure(
        _ lowPrecision: inout ModelDescription.LowPrecision, to output: String, _ console: Console,
        _ stop: StopSignal
    ) throws -> [(precision: String, value: Double?)] {
        guard let dataset else { return [] }
        try model.withLowPrecision(lowPrecision).write(to: URL(fileURLWithPath: output))
        let all: [PrecisionChoice] = [.float32, .bfloat16, .int8]
        var values: [PrecisionChoice: Double] = [:]
        for precision in all where PrecisionChoice.available.contains(precision) {
            if precision == .int8 && lowPrecision.ranges.isEmpty { continue }
            console.info("measuring \(precision.rawValue) …")
            let report = try evaluate(output, precision, on: dataset, console, stop)
            values[precision] = report.coco.averagePrecision
            lowPrecision.data =
                "\(URL(fileURLWithPath: dataset).lastPathComponent) (\(pluralized(report.images, "image", "images")))"
        }
        lowPrecision.bfloat16Loss = Self.loss(of: .bfloat16, in: values)
        lowPrecision.int8Loss = Self.loss(of: .int8, in: values)
        return all.map { ($0.rawValue, values[$0]) }
    }

    private func evaluate(
        _ path: String, _ precision: PrecisionChoice, on dataset: String, _ console: Console,
        _ stop: StopSignal
    ) throws(RunError) -> EvaluationReport {
        var choice = ModelChoice()
        choice.environment = environment
        choice.name = path
        choice.precision = precision
        return try Evaluation(dataset: dataset, model: choice).run(console: console, stop: stop)
    }

    /// Average precision lost against float32; nil where one of the two was not measured.
    private static func loss(
        of precision: PrecisionChoice, in values: [PrecisionChoice: Double]
    ) -> Float? {
        guard let full = values[.float32], let value = values[precision] else { return nil }
        return Float(full - value)
    }
}
