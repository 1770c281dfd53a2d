private import Glibc

/// One quantity that moves at a nearly constant rate, with the variances of both.
///
/// The process noise is white acceleration in continuous time, so that many short steps amount to one
/// long step, whatever the frame rate.
struct Motion: Sendable {
    var value: Double
    var rate = 0.0
    /// Variance of the value.
    var variance: Double
    /// Covariance of value and rate.
    var covariance = 0.0
    /// Variance of the rate.
    var rateVariance: Double

    /// Moves on by `seconds`.
    ///
    /// - Parameters:
    ///   - seconds: Not negative.
    ///   - density: Variance that the rate gains in one second.
    ///   - fading: Time constant in seconds with which the rate dies away; infinite for never.
    mutating func predict(seconds: Double, density: Double, fading: Double = .infinity) {
        let keep = fading.isFinite ? exp(-seconds / fading) : 1
        let reach = fading.isFinite ? fading * (1 - keep) : seconds
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

    /// Takes in a measured value of the given variance.
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

/// How boxes move and how well they are measured, relative to the size of the box.
///
/// Size means the square root of the area.
public struct MotionModel: Hashable, Sendable {
    /// Spread of a measured centre, as a share of the box's width (height) at a score of one half.
    public var centerNoise = 0.06
    /// Spread of a measured size and aspect, as a share.
    public var sizeNoise = 0.08
    /// Spread that a centre's speed gains within a second, in sizes a second.
    public var centerAgility = 1.2
    /// Spread that the rate of growth gains within a second, in shares a second.
    public var sizeAgility = 0.8
    /// Spread that the aspect gains within a second, as a share.
    public var aspectAgility = 0.3
    /// Spread of a new object's speed, in sizes a second.
    public var startingSpeed = 1.5
    /// Spread of a new object's rate of growth, in shares a second.
    public var startingGrowth = 0.5
    /// Seconds within which growth that is no longer seen dies away to a third.
    public var growthFading = 0.7

    /// The model with values chosen for a moving camera and a detector of moderate quality.
    public init() {}
}

/// Where a box is, how it moves and how sure that is.
///
/// Centre and logarithm of the size move at nearly constant rates, the logarithm of width over height only
/// drifts (the choice of state follows SORT and OC-SORT; the logarithms make growth relative and keep sizes
/// positive). The four are independent, so the filter is a handful of scalar operations.
struct KalmanFilter: Sendable {
    private(set) var x: Motion
    private(set) var y: Motion
    private var scale: Motion
    private var aspect: Double
    private var aspectVariance: Double

    /// A box at rest, seen once.
    init(box: Box, score: Float, model: MotionModel) {
        let shape = Shape(box)
        let size = exp(shape.scale)
        let noise = Self.doubt(score)
        x = Motion(
            value: shape.x, variance: (model.centerNoise * noise * shape.width).squared,
            rateVariance: (model.startingSpeed * size).squared)
        y = Motion(
            value: shape.y, variance: (model.centerNoise * noise * shape.height).squared,
            rateVariance: (model.startingSpeed * size).squared)
        scale = Motion(
            value: shape.scale, variance: (model.sizeNoise * noise).squared,
            rateVariance: model.startingGrowth.squared)
        aspect = shape.aspect
        aspectVariance = (2 * model.sizeNoise * noise).squared
    }

    /// The box as estimated now: finite and of positive extent.
    var box: Box {
        let width = exp(scale.value + aspect / 2)
        let height = exp(scale.value - aspect / 2)
        return Box(
            x: Float(x.value - width / 2), y: Float(y.value - height / 2), width: Float(width),
            height: Float(height))
    }

    /// Spread of the centre as a share of the size: how far away the object may really be.
    var spread: Double {
        (max(x.variance, y.variance)).squareRoot() / exp(scale.value)
    }

    /// Moves on by `seconds`, not negative.
    mutating func predict(seconds: Double, model: MotionModel) {
        let size = exp(scale.value)
        let density = (model.centerAgility * size).squared
        x.predict(seconds: seconds, density: density)
        y.predict(seconds: seconds, density: density)
        scale.predict(
            seconds: seconds, density: model.sizeAgility.squared, fading: model.growthFading)
        aspectVariance += model.aspectAgility.squared * seconds
        keepBounded()
    }

    /// Takes in a box that was seen with the given score.
    mutating func update(_ seen: Box, score: Float, model: MotionModel) {
        let shape = Shape(seen)
        let noise = Self.doubt(score)
        x.update(shape.x, variance: (model.centerNoise * noise * shape.width).squared)
        y.update(shape.y, variance: (model.centerNoise * noise * shape.height).squared)
        scale.update(shape.scale, variance: (model.sizeNoise * noise).squared)
        let aspectNoise = (2 * model.sizeNoise * noise).squared
        let gain = aspectVariance / (aspectVariance + aspectNoise)
        aspect += gain * (shape.aspect - aspect)
        aspectVariance *= 1 - gain
        keepBounded()
    }

    /// Measurements with a low score count as less exact.
    private static func doubt(_ score: Float) -> Double {
        1.5 - Double(min(max(score, 0), 1))
    }

    /// Keeps sizes and speeds within what any picture can show, so that nothing ever overflows.
    private mutating func keepBounded() {
        scale.value = min(max(scale.value, Shape.leastScale), Shape.greatestScale)
        scale.rate = min(max(scale.rate, -3), 3)
        aspect = min(max(aspect, -Shape.greatestAspect), Shape.greatestAspect)
        let fastest = 20 * exp(scale.value)
        x.rate = min(max(x.rate, -fastest), fastest)
        y.rate = min(max(y.rate, -fastest), fastest)
        x.value = min(max(x.value, -Shape.farthest), Shape.farthest)
        y.value = min(max(y.value, -Shape.farthest), Shape.farthest)
    }
}

/// A box as the filter sees it.
struct Shape: Sendable {
    var x: Double
    var y: Double
    /// Logarithm of the square root of the area.
    var scale: Double
    /// Logarithm of width over height.
    var aspect: Double

    static let leastScale = -2.0
    static let greatestScale = 12.0
    static let greatestAspect = 6.0
    static let farthest = 1e6

    init(x: Double, y: Double, scale: Double, aspect: Double) {
        self.x = x
        self.y = y
        self.scale = scale
        self.aspect = aspect
    }

    /// - Parameter box: Finite, of positive extent.
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

    /// The shape at `share` (0 to 1) of the way to `other`.
    func mixed(with other: Shape, share: Double) -> Shape {
        Shape(
            x: x + share * (other.x - x), y: y + share * (other.y - y),
            scale: scale + share * (other.scale - scale),
            aspect: aspect + share * (other.aspect - aspect))
    }
}

extension Double {
    var squared: Double { self * self }
}
