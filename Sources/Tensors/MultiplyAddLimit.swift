internal import Flow

extension InstructionSet {
    /// Multiply-adds per second times two that several cores reach together, in billions: measured on all of them at
    /// once, since busy cores slow one another down.
    public func multiplyAddLimit(threads: Int) -> Double {
        guard threads > 1, let pool = try? Pool(threads: threads) else { return multiplyAddLimit() }
        let sum = Lock(0.0)
        pool.parallel(count: threads) { _ in
            let own = multiplyAddLimit()
            sum.withLock { $0 += own }
        }
        return sum.withLock { $0 }
    }
}
