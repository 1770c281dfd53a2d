/// Update rule of the weights.
public struct OptimizerOptions: Hashable, Sendable, Codable {
    /// An update rule.
    public enum Rule: String, Hashable, Sendable, CaseIterable, Codable {
        /// Stochastic gradient descent with Nesterov momentum.
        case sgd
        /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019).
        case adamW = "adamw"
    }

    /// The update rule.
    public var rule = Rule.sgd
    /// Momentum of SGD.
    public var momentum = 0.9
    /// Decay rates of AdamW's two moments.
    public var betas = [0.9, 0.999]
    /// Constant that AdamW adds to the denominator.
    public var epsilon = 1e-8
    /// Weight decay; biases, scales and shifts have none.
    public var decay = 5e-5
    /// Maximum norm of all gradients together; larger ones are scaled down.
    public var clip = 10.0
    /// Decay of the exponential moving average of the weights; in the first steps less, (1 + n) / (10 + n).
    public var average = 0.9995

    /// SGD with momentum 0.9, decay 5e-5, average 0.9995.
    public init() {}
}

/// Learning rate over a run: linear warm-up, then a decay.
public struct RateSchedule: Hashable, Sendable, Codable {
    /// Course after the warm-up.
    public enum Shape: String, Hashable, Sendable, CaseIterable, Codable {
        /// Half a cosine down to a share of the peak rate.
        case cosine
        /// A factor from each milestone on.
        case steps
    }

    /// Peak rate.
    public var rate: Double
    /// Steps of the warm-up.
    public var warmUp: Int
    /// Course after the warm-up.
    public var shape: Shape
    /// Final rate of a cosine, as a share of the peak.
    public var end = 0.003
    /// Shares of the run, 0 to 1, after which ``factor`` applies once more.
    public var milestones = [0.7, 0.9]
    /// Factor at each milestone.
    public var factor = 0.1

    /// Creates a schedule.
    public init(rate: Double, warmUp: Int = 200, shape: Shape = .cosine) {
        self.rate = rate
        self.warmUp = warmUp
        self.shape = shape
    }
}
