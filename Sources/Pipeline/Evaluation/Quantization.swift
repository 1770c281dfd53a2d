public import Flow
internal import Foundation
internal import Scene
internal import ThunderNet
internal import Video

/// Calibrates a model for 8 bits on pictures, and measures what narrow numbers cost on a data set.
public struct Quantization: Sendable {
    /// What came of it.
    public struct Report: Sendable {
        /// Pictures that were looked at.
        public let pictures: Int
        /// Products in 8 bits, and products in all.
        public let narrowed: Int, products: Int
        /// Average precision in float32, bfloat16 and 8 bits; nil without a data set, or where the processor has no
        /// such products.
        public let averagePrecisions: [(precision: String, value: Double?)]
    }

    /// Pictures are taken from videos at this distance, in frames.
    private static let videoStep = 15
    /// The most pictures that are looked at.
    private static let pictureLimit = 300
    /// The sum of all products' relative errors that is allowed at first.
    private static let firstErrorLimit = 0.1

    private let sources: [SourceJob]
    private let dataset: String?
    private let model: Model

    /// Loads the model and finds the pictures.
    ///
    /// - Parameters:
    ///   - sources: Images, videos, folders, patterns, lists.
    ///   - name: A shipped model's name or a model file.
    ///   - dataset: An annotated data set to measure on, or nil.
    /// - Throws: A ``RunError`` when one of them is missing or wrong.
    public init(sources: [String], model name: String, dataset: String?) throws(RunError) {
        self.sources = try SourceList.expand(sources)
        self.dataset = dataset
        do {
            model = try ModelCatalog().model(name)
        } catch {
            throw RunError(.model, "\(error)")
        }
    }

    /// Calibrates, measures and writes the model with what was found.
    ///
    /// Where a data set is given and 8 bits lose too much on it, fewer products are computed in them, until they do
    /// not.
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
        var quantizer = try Quantizer(model: model)
        for job in sources where quantizer.pictures < Self.pictureLimit {
            try show(job, to: &quantizer, console, stop)
        }
        guard quantizer.pictures > 0 else {
            throw RunError(.noVideo, "No picture to calibrate with was found.")
        }
        return quantizer
    }

    /// Writes the model with as many products in 8 bits as lose little enough, if that can be measured.
    private func settle(
        _ quantizer: inout Quantizer, to output: String, _ console: Console, _ stop: StopSignal
    ) throws -> Report {
        let pictures = counted(quantizer.pictures, "picture", "pictures")
        console.say("\(pictures); measuring the products one by one …")
        let errors = try quantizer.errors { stop.isRequested }
        var limit = Self.firstErrorLimit
        while true {
            var narrowing = quantizer.narrowing(errors, errorLimit: limit)
            let values = try measure(&narrowing, to: output, console, stop)
            try model.narrowed(narrowing).write(to: URL(fileURLWithPath: output))
            if dataset == nil || narrowing.vouchesForInt8 || narrowing.ranges.isEmpty {
                return Report(
                    pictures: quantizer.pictures, narrowed: narrowing.ranges.count,
                    products: errors.count, averagePrecisions: values)
            }
            console.say("8 bits lose too much; fewer products get them")
            limit /= 3
        }
    }

    private func show(
        _ job: SourceJob, to quantizer: inout Quantizer, _ console: Console, _ stop: StopSignal
    ) throws {
        var pictures = try SpacedPictures(job.source, step: Self.videoStep)
        while quantizer.pictures < Self.pictureLimit, try pictures.next() {
            if stop.isRequested { throw RunError(.interrupted, "Stopped before the end.") }
            quantizer.observe(
                rgb: pictures.rgb.span, width: pictures.width, height: pictures.height)
            console.overwrite(counted(quantizer.pictures, "picture", "pictures"))
        }
    }

    /// Average precision of each precision, and what the narrow ones lose put down.
    private func measure(
        _ narrowing: inout ModelDescription.Narrowing, to output: String, _ console: Console,
        _ stop: StopSignal
    ) throws -> [(precision: String, value: Double?)] {
        guard let dataset else { return [] }
        try model.narrowed(narrowing).write(to: URL(fileURLWithPath: output))
        var values: [ModelChoice.Precision: Double] = [:]
        for precision in [ModelChoice.Precision.float32, .bfloat16, .int8] {
            guard PrecisionChoice.available.map(\.rawValue).contains(precision.rawValue) else {
                continue
            }
            if precision == .int8 && narrowing.ranges.isEmpty { continue }
            var choice = ModelChoice()
            choice.name = output
            choice.precision = precision
            console.say("measuring \(precision.rawValue) …")
            let report = try Evaluation(dataset: dataset, model: choice)
                .run(console: console, stop: stop)
            values[precision] = report.coco.averagePrecision
            narrowing.data =
                "\(URL(fileURLWithPath: dataset).lastPathComponent) (\(counted(report.images, "picture", "pictures")))"
        }
        func loss(_ precision: ModelChoice.Precision) -> Float? {
            guard let full = values[.float32], let value = values[precision] else { return nil }
            return Float(full - value)
        }
        narrowing.bfloat16Loss = loss(.bfloat16)
        narrowing.int8Loss = loss(.int8)
        return [ModelChoice.Precision.float32, .bfloat16, .int8].map { ($0.rawValue, values[$0]) }
    }
}
