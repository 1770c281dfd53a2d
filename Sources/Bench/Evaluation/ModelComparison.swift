public import Configuration
public import Flow
public import Pipeline
internal import Scene

/// Comparison of two models on one data set, with confidence intervals by resampling its images.
public struct ModelComparison: Sendable {
    /// One figure of both models.
    public struct Figure: Sendable, Hashable {
        /// `AP` or `AP50`.
        public var name: String
        /// Value of the first model, 0 to 1.
        public var first: Double
        /// Value of the second model.
        public var second: Double
        /// 95 % confidence interval of the first value.
        public var firstInterval: ClosedRange<Double>
        /// 95 % confidence interval of the second value.
        public var secondInterval: ClosedRange<Double>
        /// 95 % confidence interval of the difference, second minus first, on the same resamples.
        public var difference: ClosedRange<Double>

        /// Result of the comparison in words.
        public var verdict: String {
            if difference.lowerBound > 0 { return "the second is better" }
            if difference.upperBound < 0 { return "the first is better" }
            return "no difference seen"
        }
    }

    /// Images of the data set.
    public let images: Int
    /// Resamples of the images.
    public let resamples: Int
    /// AP and AP50.
    public let figures: [Figure]

    /// Detects with both models on every image and compares them.
    ///
    /// - Parameters:
    ///   - path: A data set in any format that `Datasets` reads.
    ///   - first: The first model.
    ///   - second: The second model.
    ///   - resamples: Resamples of the images; the same for both models, drawn from a fixed seed.
    ///   - console: Takes the progress.
    ///   - stop: Ends the comparison early.
    /// - Throws: A `RunError` when one of them is wrong, or on a stop.
    public init(
        dataset path: String, _ first: ModelChoice, _ second: ModelChoice, resamples: Int = 1000,
        console: Console, stop: StopSignal
    ) throws(RunError) {
        var tables: [ResampledPrecision] = []
        var count = 0
        for model in [first, second] {
            console.info("measuring \(model.name) …")
            let evaluation = try Evaluation(dataset: path, model: model)
            let images = try evaluation.images(console: console, stop: stop)
            count = images.count
            tables.append(
                ResampledPrecision(images: images, classCount: evaluation.classNames.count))
        }
        self.init(tables[0], tables[1], images: count, resamples: resamples)
    }

    /// Compares two detectors on the same images.
    init(
        _ first: ResampledPrecision, _ second: ResampledPrecision, images: Int, resamples: Int
    ) {
        self.images = images
        self.resamples = resamples
        let once = [Int](repeating: 1, count: images)
        var draws: [(ResampledPrecision.Figures, ResampledPrecision.Figures)] = []
        var generator = SplitMix64(seed: 1)
        for _ in 0..<resamples {
            var counts = [Int](repeating: 0, count: images)
            for _ in 0..<images { counts[Int.random(in: 0..<images, using: &generator)] += 1 }
            draws.append((first.figures(counts: counts), second.figures(counts: counts)))
        }
        let whole = (first.figures(counts: once), second.figures(counts: once))
        figures = [
            Self.figure("AP", whole, draws) { $0.averagePrecision ?? 0 },
            Self.figure("AP50", whole, draws) { $0.averagePrecision50 ?? 0 },
        ]
    }

    private static func figure(
        _ name: String, _ whole: (ResampledPrecision.Figures, ResampledPrecision.Figures),
        _ draws: [(ResampledPrecision.Figures, ResampledPrecision.Figures)],
        _ value: (ResampledPrecision.Figures) -> Double
    ) -> Figure {
        Figure(
            name: name, first: value(whole.0), second: value(whole.1),
            firstInterval: interval(draws.map { value($0.0) }),
            secondInterval: interval(draws.map { value($0.1) }),
            difference: interval(draws.map { value($0.1) - value($0.0) }))
    }

    /// The range between the 2.5th and the 97.5th percentile.
    private static func interval(_ values: [Double]) -> ClosedRange<Double> {
        let sorted = values.sorted()
        func percentile(_ share: Double) -> Double {
            sorted.isEmpty ? 0 : sorted[Int((share * Double(sorted.count - 1)).rounded())]
        }
        return percentile(0.025)...percentile(0.975)
    }
}

/// Random numbers from a seed (Steele et al., SplitMix, 2014).
private struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
