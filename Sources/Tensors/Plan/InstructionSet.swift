import CKernels

/// Which vector instructions the kernels of a ``Plan`` may use.
public enum InstructionSet: String, Hashable, Sendable, CaseIterable, Comparable {
    /// Plain C with vectors of four floats, for every processor.
    case portable
    /// NEON, which every 64-bit ARM has; with products of bytes where the processor has them.
    case neon
    /// AVX2 with FMA.
    case avx2
    /// AVX-512 (F, VL, BW, DQ).
    case avx512

    /// The best set that this processor has.
    public static var best: InstructionSet { avx512.orNext }

    /// The sets that this processor has, in rising order.
    public static var available: [InstructionSet] { allCases.filter { $0.orNext == $0 } }

    /// The set that a mask such as the value of `THUNDERLINE_CPU` leaves: the named one, or the next below it that
    /// this processor has.
    ///
    /// No mask, or an empty one, leaves the best.
    ///
    /// - Throws: ``PlanError`` when there is no set of that name.
    public static func limited(by mask: String?) throws(PlanError) -> InstructionSet {
        guard let mask, !mask.isEmpty else { return best }
        guard let set = InstructionSet(rawValue: mask) else {
            throw .unknownInstructionSet(mask)
        }
        return set.orNext
    }

    /// Sets are ordered from the plainest on, in the order in which they are listed.
    public static func < (a: InstructionSet, b: InstructionSet) -> Bool {
        a.limit.rawValue < b.limit.rawValue
    }

    /// This set where the processor has it, else the next below that it has.
    private var orNext: InstructionSet {
        let best = ck_best(limit)
        return Self.allCases.first { $0.limit == best } ?? .portable
    }

    /// The kernels' name for the set.
    var limit: ck_set {
        switch self {
        case .portable: ck_portable
        case .neon: ck_neon
        case .avx2: ck_avx2
        case .avx512: ck_avx512
        }
    }
}
