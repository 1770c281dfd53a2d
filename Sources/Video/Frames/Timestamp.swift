internal import CFFmpeg

/// A ratio of two integers, such as a time base or a sample aspect ratio.
public struct Ratio: Hashable, Sendable, CustomStringConvertible {
    /// The upper number.
    public let numerator: Int
    /// The lower number; 0 means unknown.
    public let denominator: Int

    /// A ratio, kept as given.
    public init(_ numerator: Int, _ denominator: Int) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The quotient; 0 when unknown.
    public var value: Double { denominator == 0 ? 0 : Double(numerator) / Double(denominator) }
    /// As players write it: `30000/1001`.
    public var description: String { "\(numerator)/\(denominator)" }

    init(_ rational: AVRational) { self.init(Int(rational.num), Int(rational.den)) }
    var rational: AVRational {
        AVRational(num: Int32(clamping: numerator), den: Int32(clamping: denominator))
    }
}

/// A moment of a recording: whole ticks of its stream's clock, never a rounded number of seconds.
public struct Timestamp: Hashable, Sendable {
    /// Ticks since the clock's zero; may be negative.
    public let ticks: Int64
    /// Seconds per tick.
    public let timeBase: Ratio

    /// A moment by its parts.
    public init(ticks: Int64, timeBase: Ratio) {
        self.ticks = ticks
        self.timeBase = timeBase
    }

    /// Seconds since the clock's zero.
    public var seconds: Double {
        Double(ticks) * Double(timeBase.numerator) / Double(timeBase.denominator)
    }

    /// The nearest tick of another clock, halves away from zero.
    public func rescaled(to base: Ratio) -> Timestamp {
        Timestamp(ticks: av_rescale_q(ticks, timeBase.rational, base.rational), timeBase: base)
    }
}
