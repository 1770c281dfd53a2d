/// The way in which gradients change weights.
public struct OptimizerOptions: Hashable, Sendable, Codable {
    /// The rule.
    public enum Rule: String, Hashable, Sendable, CaseIterable, Codable {
        /// Stochastic gradient descent with Nesterov's momentum.
        case sgd
        /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019).
        case adamW = "adamw"
    }

    /// The rule.
    public var rule = Rule.sgd
    /// Momentum of SGD.
    public var momentum = 0.9
    /// Decay rates of AdamW's two moments.
    public var betas = [0.9, 0.999]
    /// What AdamW adds to a root before it divides by it.
    public var epsilon = 1e-8
    /// Weight decay; biases, scales and shifts are spared.
    public var decay = 5e-5
    /// The greatest norm of all gradients together; larger ones are scaled down.
    public var clip = 10.0
    /// What an average of weights keeps at a step; in the first steps less, (1 + n) / (10 + n).
    public var average = 0.9995

    /// Nesterov's momentum 0.9, decay 5e-5, averages at 0.9995.
    public init() {}
}

/// The learning rate over a run.
public struct RateSchedule: Hashable, Sendable, Codable {
    /// The course after the warm-up.
    public enum Shape: Hashable, Sendable, Codable {
        /// Half a cosine down to a share of the greatest rate.
        case cosine(end: Double)
        /// A tenth, or another factor, from each milestone on (shares of the run).
        case steps(milestones: [Double], factor: Double)
    }

    /// The greatest rate.
    public var rate: Double
    /// Steps over which the rate rises from nothing.
    public var warmUp: Int
    /// The course after the warm-up.
    public var shape: Shape

    /// A schedule by its parts.
    public init(rate: Double, warmUp: Int = 200, shape: Shape = .cosine(end: 0.003)) {
        self.rate = rate
        self.warmUp = warmUp
        self.shape = shape
    }

    /// The rate at a place of the run.
    public func rate(at place: StepPlace) -> Double {
        let rise = warmUp > 0 ? min(1, Double(place.step + 1) / Double(warmUp)) : 1
        switch shape {
        case .cosine(let end):
            let progress = min(max(place.progress, 0), 1)
            return rate * rise * (end + (1 - end) * 0.5 * (1 + cosine(of: progress)))
        case .steps(let milestones, let factor):
            let passed = milestones.count { $0 <= place.progress }
            return (0..<passed).reduce(rate * rise) { rate, _ in rate * factor }
        }
    }
}
