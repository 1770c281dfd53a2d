internal import Flow

extension InstructionSet {
    /// Measures the multiply-add throughput of several cores that run at the same time, in GFLOP/s (two operations per
    /// multiply-add).
    ///
    /// Busy cores slow one another down, so the sum is below that of single cores.
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
    /// Measures the multiply-add throughput of one core on registers only, in GFLOP/s (two operations per
    /// multiply-add).
    ///
    /// - Parameter precision: Precision of the operands; float32 where the set has no such kernel.
    /// - Returns: The best of ten short runs.
    public func multiplyAddLimit(_ precision: Precision = .float32) -> Double {
        let kernels = Kernels(self)
        let clock = ContinuousClock()
        return (0..<10).reduce(0) { best, _ in
            var count = 0.0
            let time = clock.measure { count = kernels.multiplyAdds(precision, rounds: 500_000) }
            return max(best, 2 * count / (time / .nanoseconds(1)))
        }
    }
}
