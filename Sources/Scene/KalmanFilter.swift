private import Glibc

/// Constant-velocity Kalman filter of one quantity: value, rate and their covariance.
///
/// The process noise is white acceleration in continuous time, so many short steps equal one long step at
/// any frame rate.
struct Motion: Sendable {
    var value: Double
    var rate = 0.0
    /// Variance of the value.
    var variance: Double
    /// Covariance of value and rate.
    var covariance = 0.0
    /// Variance of the rate.
    var rateVariance: Double

    /// Predicts the state `seconds` later.
    ///
    /// - Parameters:
    ///   - seconds: Elapsed time, not negative.
    ///   - density: Process noise: variance that the rate gains per second.
    ///   - timeConstant: Seconds in which the rate decays to 1/e; infinity for no decay.
    mutating func predict(seconds: Double, density: Double, timeConstant: Double = .infinity) {
        let keep = timeConstant.isFinite ? exp(-seconds / timeConstant) : 1
        let reach = timeConstant.isFinite ? timeConstant * (1 - keep) : seconds
        value += rate * reach
        rate *= keep
        variance += reach * (2 * covariance + reach * rateVariance)
        covariance = keep * (covariance + reach * rateVariance)
        rateVariance *= keep * keep
        let squared = seconds * seconds
        variance += density * squared * seconds / 3
        covariance += density * squared / 2
        rateVariance += density * seconds
    }

    /// Corrects the state with a measurement of the given variance.
    mutating func update(_ measured: Double, variance noise: Double) {
        let gain = variance / (variance + noise)
        let rateGain = covariance / (variance + noise)
        let surprise = measured - value
        value += gain * surprise
        rate += rateGain * surprise
        rateVariance = max(rateVariance - rateGain * covariance, 0)
        covariance *= 1 - gain
        variance *= 1 - gain
    }
}

/// Motion and measurement noise of boxes, relative to the size of the box.
///
/// Size is the square root of the area. Spread is a standard deviation.
public struct MotionModel: Hashable, Sendable {
    /// Spread of a measured centre, as a fraction of the box's width (height) at score 0.5.
    public var centerNoise = 0.06
    /// Spread of a measured size or aspect, as a fraction.
    public var sizeNoise = 0.08
    /// Spread that the centre's speed gains per second, in sizes per second.
    public var centerAgility = 1.2
    /// Spread that the growth rate gains per second, in fractions per second.
    public var sizeAgility = 0.8
    /// Spread that the aspect ratio gains per second, as a fraction.
    public var aspectAgility = 0.3
    /// Spread of a new object's speed, in sizes per second.
    public var startingSpeed = 1.5
    /// Spread of a new object's growth rate, in fractions per second.
    public var startingGrowth = 0.5
    /// Seconds in which the growth rate of an unobserved object decays to 1/e.
    public var growthTimeConstant = 0.7

    /// Creates the default model: a moving camera and a detector of moderate quality.
    public init() {}
}

/// Kalman filter of a box: position, size and aspect ratio with their rates and variances.
///
/// Centre and logarithm of the size follow a constant-velocity model; the logarithm of width over height is a
/// random walk. The choice of state follows SORT and OC-SORT; logarithms make growth relative and keep sizes
/// positive. The four quantities are independent, so no matrices are needed.
struct KalmanFilter: Sendable {
    private(set) var x: Motion
    private(set) var y: Motion
    private var scale: Motion
    private var aspect: Double
    private var aspectVariance: Double

    /// Creates the filter from one detection, at rest.
    init(box: Box, score: Float, model: MotionModel) {
        let state = BoxState(box)
        let size = exp(state.scale)
        let noise = Self.noiseFactor(score)
        x = Motion(
            value: state.x, variance: (model.centerNoise * noise * state.width).squared,
            rateVariance: (model.startingSpeed * size).squared)
        y = Motion(
            value: state.y, variance: (model.centerNoise * noise * state.height).squared,
            rateVariance: (model.startingSpeed * size).squared)
        scale = Motion(
            value: state.scale, variance: (model.sizeNoise * noise).squared,
            rateVariance: model.startingGrowth.squared)
        aspect = state.aspect
        aspectVariance = (2 * model.sizeNoise * noise).squared
    }

    /// Estimated box: finite, of positive extent.
    var box: Box {
        let width = exp(scale.value + aspect / 2)
        let height = exp(scale.value - aspect / 2)
        return Box(
            x: Float(x.value - width / 2), y: Float(y.value - height / 2), width: Float(width),
            height: Float(height))
    }

    /// Standard deviation of the centre, as a fraction of the size.
    var spread: Double {
        (max(x.variance, y.variance)).squareRoot() / exp(scale.value)
    }

    /// Predicts the state `seconds` later; not negative.
    mutating func predict(seconds: Double, model: MotionModel) {
        let size = exp(scale.value)
        let density = (model.centerAgility * size).squared
        x.predict(seconds: seconds, density: density)
        y.predict(seconds: seconds, density: density)
        scale.predict(
            seconds: seconds, density: model.sizeAgility.squared,
            timeConstant: model.growthTimeConstant)
        aspectVariance += model.aspectAgility.squared * seconds
        keepBounded()
    }

    /// Corrects the state with a detected box of the given score.
    mutating func update(_ seen: Box, score: Float, model: MotionModel) {
        let state = BoxState(seen)
        let noise = Self.noiseFactor(score)
        x.update(state.x, variance: (model.centerNoise * noise * state.width).squared)
        y.update(state.y, variance: (model.centerNoise * noise * state.height).squared)
        scale.update(state.scale, variance: (model.sizeNoise * noise).squared)
        let aspectNoise = (2 * model.sizeNoise * noise).squared
        let gain = aspectVariance / (aspectVariance + aspectNoise)
        aspect += gain * (state.aspect - aspect)
        aspectVariance *= 1 - gain
        keepBounded()
    }

    /// Factor on the measurement noise, 0.5 to 1.5: a low score means a less exact box.
    private static func noiseFactor(_ score: Float) -> Double {
        1.5 - Double(min(max(score, 0), 1))
    }

    /// Clamps sizes and speeds to what any frame can show, so that nothing overflows.
    private mutating func keepBounded() {
        scale.value = min(max(scale.value, BoxState.minimumScale), BoxState.maximumScale)
        scale.rate = min(max(scale.rate, -3), 3)
        aspect = min(max(aspect, -BoxState.maximumAspect), BoxState.maximumAspect)
        let maximumRate = 20 * exp(scale.value)
        x.rate = min(max(x.rate, -maximumRate), maximumRate)
        y.rate = min(max(y.rate, -maximumRate), maximumRate)
        x.value = min(max(x.value, -BoxState.maximumPosition), BoxState.maximumPosition)
        y.value = min(max(y.value, -BoxState.maximumPosition), BoxState.maximumPosition)
    }
}

/// Measured state of a box: centre, logarithmic size and logarithmic aspect ratio.
struct BoxState: Sendable {
    var x: Double
    var y: Double
    /// Logarithm of the square root of the area.
    var scale: Double
    /// Logarithm of width over height.
    var aspect: Double

    static let minimumScale = -2.0
    static let maximumScale = 12.0
    static let maximumAspect = 6.0
    static let maximumPosition = 1e6

    init(x: Double, y: Double, scale: Double, aspect: Double) {
        self.x = x
        self.y = y
        self.scale = scale
        self.aspect = aspect
    }

    /// Converts a box, which must be finite and of positive extent.
    init(_ box: Box) {
        let width = log(Double(max(box.width, 1e-3)))
        let height = log(Double(max(box.height, 1e-3)))
        self.init(
            x: Double(box.centerX), y: Double(box.centerY), scale: (width + height) / 2,
            aspect: width - height)
    }

    var width: Double { exp(scale + aspect / 2) }
    var height: Double { exp(scale - aspect / 2) }

    var box: Box {
        Box(
            x: Float(x - width / 2), y: Float(y - height / 2), width: Float(width),
            height: Float(height))
    }

    /// Linear interpolation to `other`; `share` is 0 to 1.
    func mixed(with other: BoxState, share: Double) -> BoxState {
        BoxState(
            x: x + share * (other.x - x), y: y + share * (other.y - y),
            scale: scale + share * (other.scale - scale),
            aspect: aspect + share * (other.aspect - aspect))
    }
}

extension Double {
    var squared: Double { self * self }
}
