internal import Configuration
internal import Flow
internal import Foundation
internal import Pipeline
internal import Scene
internal import ThunderNet
internal import Video

/// Accuracy of the benchmarked model, without which its speed says little.
public enum BenchAccuracy: Sendable, Hashable {
    /// Measured in the same run with the same model, input size and precision.
    case measured(Figure)
    /// Stated by the model card for the same input size; not measured here.
    case stated(Figure)
    /// Unknown for this input size.
    case unknown
    /// Meaningless, since the weights are random.
    case meaningless

    /// Average precision on a data set.
    public struct Figure: Sendable, Hashable {
        /// Average precision of COCO, 0 to 1; nil where the data set cannot tell.
        public var averagePrecision: Double?
        /// Average precision at an IoU of 0.5.
        public var averagePrecision50: Double?
        /// Name of the data set.
        public var data: String
        /// Number of images; nil for a card's figure.
        public var images: Int?
        /// SHA-256 of the data set's file; nil for a card's figure.
        public var digest: String?
    }

    /// One line for people; `timed` has input size and precision.
    func text(_ timed: BenchConditions) -> String {
        switch self {
        case .measured(let figure):
            let count = pluralized(figure.images ?? 0, "image", "images")
            return "\(figure.text) (\(count), SHA-256 \(figure.digest ?? "unknown")) at "
                + "\(timed.input) in \(timed.precision), measured in this run"
        case .stated(let figure):
            return
                "\(figure.text) at \(timed.input): the model card's figure, not measured in this run"
        case .unknown:
            return "AP is unknown: the model card has none for \(timed.input); "
                + "--dataset measures it"
        case .meaningless:
            return "AP is not measured: the weights are random"
        }
    }

    var json: JSONObject {
        switch self {
        case .measured(let figure): figure.json("measured")
        case .stated(let figure): figure.json("model card")
        case .unknown: JSONObject { $0.add("source", "none") }
        case .meaningless: JSONObject { $0.add("source", "random weights") }
        }
    }
}

extension BenchAccuracy.Figure {
    fileprivate var text: String {
        let values = [averagePrecision, averagePrecision50].map { value in
            value.map { DecimalText.text($0, decimals: 4) } ?? "-"
        }
        return "AP \(values[0]), AP50 \(values[1]) on \(data)"
    }

    fileprivate func json(_ source: String) -> JSONObject {
        JSONObject { object in
            object.add("source", source)
            object.add("AP", averagePrecision)
            object.add("AP50", averagePrecision50)
            object.add("data", data)
            if let images {
                object.add("images", images)
                // Former name, written for one release.
                object.add("pictures", images)
            }
            if let digest { object.add("data_sha256", digest) }
        }
    }
}

/// Measurement of a model's accuracy, prepared before the benchmark and made after it.
struct AccuracyMeasurement {
    private let bench: BenchDescription
    private let model: Model
    private let evaluation: Evaluation?

    /// Reads the data set where one is given, so that an error shows before the benchmark.
    ///
    /// - Throws: A `RunError` when data set or model cannot be read.
    init(_ bench: BenchDescription, _ model: Model) throws(RunError) {
        self.bench = bench
        self.model = model
        guard let path = bench.dataset, model.isTrained else {
            evaluation = nil
            return
        }
        evaluation = try Evaluation(dataset: path, model: bench.run.model)
    }

    /// Measures the accuracy, or reads it from the model card.
    ///
    /// - Throws: A `RunError` for an image that is missing or damaged, or on a stop.
    func measure(_ console: Console, _ stop: StopSignal) throws(RunError) -> BenchAccuracy {
        guard model.isTrained else { return .meaningless }
        guard let evaluation, let path = bench.dataset else { return card }
        console.info("average precision on \(path) …")
        let report = try evaluation.run(console: console, stop: stop)
        return .measured(
            BenchAccuracy.Figure(
                averagePrecision: report.coco.averagePrecision,
                averagePrecision50: report.coco.averagePrecision50,
                data: URL(fileURLWithPath: path).lastPathComponent, images: report.images,
                digest: FileDigest.sha256(of: path)))
    }

    /// The model card's figure for the benchmarked input size.
    private var card: BenchAccuracy {
        let own = model.description.input
        let width = bench.run.model.inputSize?.width ?? own.width
        let height = bench.run.model.inputSize?.height ?? own.height
        let stated = model.description.accuracy.first { $0.width == width && $0.height == height }
        guard let stated else { return .unknown }
        return .stated(
            BenchAccuracy.Figure(
                averagePrecision: Double(stated.averagePrecision),
                averagePrecision50: Double(stated.averagePrecision50), data: stated.data))
    }
}
