internal import Flow

extension InstructionSet {
    /// Multiply-adds per second times two that several cores reach together, in billions: measured on all of them at
    /// once, since busy cores slow one another down.
    public func multiplyAddLimit(_ precision: Precision, threads: Int) -> Double {
        guard threads > 1, let pool = try? Pool(threads: threads) else {
            return multiplyAddLimit(precision)
        }
        let sum = Lock(0.0)
        pool.parallel(count: threads) { _ in
            let own = multiplyAddLimit(precision)
            sum.withLock { $0 += own }
        }
        return sum.withLock { $0 }
    }
}

extension InstructionSet {
    /// Multiply-adds per second times two that one core reaches on registers alone, in billions: measured.
    ///
    /// - Parameter precision: Of the numbers that are multiplied; float32 where the set has no such product.
    /// - Returns: The best of ten short runs.
    public func multiplyAddLimit(_ precision: Precision = .float32) -> Double {
        let kernels = Kernels(self)
        let clock = ContinuousClock()
        return (0..<10).reduce(0) { best, _ in
            var count = 0.0
            let time = clock.measure { count = kernels.peak(precision, rounds: 500_000) }
            return max(best, 2 * count / (time / .nanoseconds(1)))
        }
    }
}
