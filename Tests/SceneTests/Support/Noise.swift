import TestSupport

extension SeededGenerator {
    mutating func uniform(_ range: ClosedRange<Double>) -> Double {
        Double.random(in: range, using: &self)
    }

    /// Approximately normal number of zero mean and unit variance: the sum of twelve uniform numbers.
    mutating func normal() -> Double {
        (0..<12).reduce(-6) { sum, _ in sum + uniform(0...1) }
    }
}
