internal import Configuration
public import Flow
internal import Foundation
public import Pipeline
internal import Scene
public import ThunderNet
internal import Video

/// Calibrates a model for 8 bits on images, and measures the AP loss of low precision on a data set.
public struct Quantization: Sendable {
    /// What came of it.
    public struct Report: Sendable {
        /// Pictures that were looked at.
        public let pictures: Int
        /// Layers in 8 bits, and layers in all.
        public let quantized: Int, layers: Int
        /// Average precision in float32, bfloat16 and 8 bits; nil without a data set, or where the processor has no
        /// such products.
        public let averagePrecisions: [(precision: String, value: Double?)]
    }

    /// Pictures are taken from videos at this distance, in frames.
    private static let videoStep = 15
    /// The most pictures that are looked at.
    private static let pictureLimit = 300
    /// Initial limit of the sum of all layers' relative errors.
    private static let firstErrorLimit = 0.1

    private let sources: [SourceJob]
    private let dataset: String?
    private let model: Model
    private let environment: InferenceEnvironment

    /// Loads the model and finds the pictures.
    ///
    /// - Parameters:
    ///   - sources: Images, videos, folders, patterns, lists.
    ///   - name: A shipped model's name or a model file.
    ///   - dataset: A COCO-format data set to measure on, or nil.
    ///   - environment: Model folders and instruction set.
    /// - Throws: A ``RunError`` when one of them is missing or wrong.
    public init(
        sources: [String], model name: String, dataset: String?,
        environment: InferenceEnvironment = InferenceEnvironment()
    ) throws(RunError) {
        self.environment = environment
        self.sources = try SourceList.expand(sources)
        self.dataset = dataset
        do {
            model = try environment.catalog.model(name)
        } catch {
            throw RunError(.model, "\(error)")
        }
    }

    /// Calibrates, measures and writes the model with what was found.
    ///
    /// Where 8 bits lose too much AP on the data set, fewer layers use them.
    ///
    /// - Throws: A ``RunError`` when a picture cannot be read, the file cannot be written, or when asked to stop.
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

    /// A quantizer that was shown the pictures.
    private func calibrated(_ console: Console, _ stop: StopSignal) throws -> Quantizer {
        var quantizer = try Quantizer(model: model, instructionSet: environment.instructionSet)
        for job in sources where quantizer.pictures < Self.pictureLimit {
            try show(job, to: &quantizer, console, stop)
        }
        guard quantizer.pictures > 0 else {
            throw RunError(.noVideo, "No picture to calibrate with was found.")
        }
        return quantizer
    }

    /// Writes the model with as many layers in 8 bits as the allowed AP loss permits, if it can be measured.
    private func settle(
        _ quantizer: inout Quantizer, to output: String, _ console: Console, _ stop: StopSignal
    ) throws -> Report {
        let pictures = pluralized(quantizer.pictures, "picture", "pictures")
        console.say("\(pictures); measuring the layers one by one …")
        let errors = try quantizer.errors { stop.isRequested }
        var limit = Self.firstErrorLimit
        while true {
            var lowPrecision = quantizer.lowPrecision(errors, errorLimit: limit)
            let values = try measure(&lowPrecision, to: output, console, stop)
            try model.withLowPrecision(lowPrecision).write(to: URL(fileURLWithPath: output))
            if dataset == nil || lowPrecision.permitsInt8 || lowPrecision.ranges.isEmpty {
                return Report(
                    pictures: quantizer.pictures, quantized: lowPrecision.ranges.count,
                    layers: errors.count, averagePrecisions: values)
            }
            console.say("8 bits lose too much; fewer layers use them")
            limit /= 3
        }
    }

    private func show(
        _ job: SourceJob, to quantizer: inout Quantizer, _ console: Console, _ stop: StopSignal
    ) throws {
        var pictures = try SpacedFrames(job.source, step: Self.videoStep)
        while quantizer.pictures < Self.pictureLimit, try pictures.next() {
            if stop.isRequested { throw RunError(.interrupted, "Stopped before the end.") }
            quantizer.observe(
                rgb: pictures.rgb.span, width: pictures.width, height: pictures.height)
            console.overwrite(pluralized(quantizer.pictures, "picture", "pictures"))
        }
    }

    /// Measures the AP of each precision, and records the losses of the low ones.
    private func measure(
        _ lowPrecision: inout ModelDescription.LowPrecision, to output: String, _ console: Console,
        _ stop: StopSignal
    ) throws -> [(precision: String, value: Double?)] {
        guard let dataset else { return [] }
        try model.withLowPrecision(lowPrecision).write(to: URL(fileURLWithPath: output))
        var values: [ModelChoice.Precision: Double] = [:]
        for precision in [ModelChoice.Precision.float32, .bfloat16, .int8] {
            guard PrecisionChoice.available.map(\.rawValue).contains(precision.rawValue) else {
                continue
            }
            if precision == .int8 && lowPrecision.ranges.isEmpty { continue }
            var choice = ModelChoice()
            choice.environment = environment
            choice.name = output
            choice.precision = precision
            console.say("measuring \(precision.rawValue) …")
            let report = try Evaluation(dataset: dataset, model: choice)
                .run(console: console, stop: stop)
            values[precision] = report.coco.averagePrecision
            lowPrecision.data =
                "\(URL(fileURLWithPath: dataset).lastPathComponent) (\(pluralized(report.images, "picture", "pictures")))"
        }
        func loss(_ precision: ModelChoice.Precision) -> Float? {
            guard let full = values[.float32], let value = values[precision] else { return nil }
            return Float(full - value)
        }
        lowPrecision.bfloat16Loss = loss(.bfloat16)
        lowPrecision.int8Loss = loss(.int8)
        return [ModelChoice.Precision.float32, .bfloat16, .int8].map { ($0.rawValue, values[$0]) }
    }
}
