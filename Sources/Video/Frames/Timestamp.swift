internal import CFFmpeg

/// Rational number, such as a time base or a sample aspect ratio.
public struct Ratio: Hashable, Sendable, CustomStringConvertible {
    /// Numerator.
    public let numerator: Int
    /// Denominator; 0 means unknown.
    public let denominator: Int

    /// Creates a ratio without reducing it.
    public init(_ numerator: Int, _ denominator: Int) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// Quotient; 0 if unknown.
    public var value: Double { denominator == 0 ? 0 : Double(numerator) / Double(denominator) }
    /// Text form: `30000/1001`.
    public var description: String { "\(numerator)/\(denominator)" }

    init(_ rational: AVRational) { self.init(Int(rational.num), Int(rational.den)) }
    var rational: AVRational {
        AVRational(num: Int32(clamping: numerator), den: Int32(clamping: denominator))
    }
}

/// Time in a recording, in whole ticks of the stream's clock.
public struct Timestamp: Hashable, Sendable {
    /// Ticks since the clock's zero; may be negative.
    public let ticks: Int64
    /// Seconds per tick.
    public let timeBase: Ratio

    /// Creates a timestamp.
    public init(ticks: Int64, timeBase: Ratio) {
        self.ticks = ticks
        self.timeBase = timeBase
    }

    /// Seconds since the clock's zero.
    public var seconds: Double {
        Double(ticks) * Double(timeBase.numerator) / Double(timeBase.denominator)
    }

    /// Converts to another time base, rounding half away from zero.
    public func rescaled(to base: Ratio) -> Timestamp {
        Timestamp(ticks: av_rescale_q(ticks, timeBase.rational, base.rational), timeBase: base)
    }
}
