internal import Configuration
internal import Flow
internal import Foundation
internal import Pipeline
internal import Scene
internal import ThunderNet
internal import Video

/// How well what was timed sees, without which its speed says little.
public enum BenchAccuracy: Sendable, Hashable {
    /// Measured in the same run: the same model, input size and precision.
    case measured(Figure)
    /// What the model's own card states for the same input size; nobody measured it here.
    case stated(Figure)
    /// Nothing is known for this input size.
    case unknown
    /// The weights are random.
    case meaningless

    /// Average precision on a data set.
    public struct Figure: Sendable, Hashable {
        /// COCO's, 0 to 1; nil where the data set cannot tell.
        public var averagePrecision: Double?
        /// The same at an overlap of one half.
        public var averagePrecision50: Double?
        /// The data set's name.
        public var data: String
        /// Pictures that were looked at; nil where the card says it within the name.
        public var pictures: Int?
        /// SHA-256 of the data set's file; nil for a card's figure.
        public var digest: String?
    }

    /// One line for people; `timed` says input size and precision.
    func text(_ timed: BenchFacts) -> String {
        switch self {
        case .measured(let figure):
            let count = pluralized(figure.pictures ?? 0, "picture", "pictures")
            return "\(figure.text) (\(count), SHA-256 \(figure.digest ?? "unknown")) at "
                + "\(timed.input) in \(timed.precision), measured in this run"
        case .stated(let figure):
            return "\(figure.text) at \(timed.input): the model card's figure, not measured here"
        case .unknown:
            return "AP is not known: the model's card states none at \(timed.input); "
                + "--dataset measures it"
        case .meaningless:
            return "AP means nothing here and is not measured: the weights are random"
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
            if let pictures { object.add("pictures", pictures) }
            if let digest { object.add("data_sha256", digest) }
        }
    }
}

/// The question how well a model sees, asked before anything is timed and answered after it.
struct AccuracyQuestion {
    private let bench: BenchDescription
    private let model: Model
    private let evaluation: Evaluation?

    /// Reads the data set where one is named, so that a wrong one costs no measuring.
    ///
    /// - Throws: A ``RunError`` when data set or model cannot be read.
    init(_ bench: BenchDescription, _ model: Model) throws(RunError) {
        self.bench = bench
        self.model = model
        guard let path = bench.dataset, model.isTrained else {
            evaluation = nil
            return
        }
        evaluation = try Evaluation(dataset: path, model: bench.run.model)
    }

    /// Measures, or looks at the model's card.
    ///
    /// - Throws: A ``RunError`` for a picture that is missing or damaged, or when asked to stop.
    func answer(_ console: Console, _ stop: StopSignal) throws(RunError) -> BenchAccuracy {
        guard model.isTrained else { return .meaningless }
        guard let evaluation, let path = bench.dataset else { return card }
        console.info("the average precision on \(path) …")
        let report = try evaluation.run(console: console, stop: stop)
        return .measured(
            BenchAccuracy.Figure(
                averagePrecision: report.coco.averagePrecision,
                averagePrecision50: report.coco.averagePrecision50,
                data: URL(fileURLWithPath: path).lastPathComponent, pictures: report.images,
                digest: FileDigest.sha256(of: path)))
    }

    /// What the card states for the size that was timed.
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
