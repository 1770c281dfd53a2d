import CKernels

/// The vector instructions that the kernels of a ``Plan`` may use.
public enum InstructionSet: String, Hashable, Sendable, CaseIterable, Comparable {
    /// Plain C with vectors of four floats, for every processor.
    case portable
    /// NEON, which every 64-bit ARM processor has; with dot products of bytes where the processor has them.
    case neon
    /// AVX2 with FMA.
    case avx2
    /// AVX-512 (F, VL, BW, DQ).
    case avx512

    /// The best set that this processor has.
    public static var best: InstructionSet { avx512.orNext }

    /// The sets that this processor has, in rising order.
    public static var available: [InstructionSet] { allCases.filter { $0.orNext == $0 } }

    /// The named set, or the next below it that this processor has; the best set for nil or an empty name.
    ///
    /// - Throws: ``PlanError`` when no set has that name.
    public static func limited(by name: String?) throws(PlanError) -> InstructionSet {
        guard let name, !name.isEmpty else { return best }
        guard let set = InstructionSet(rawValue: name) else {
            throw .unknownInstructionSet(name)
        }
        return set.orNext
    }

    /// Sets are ordered from the plainest on, as they are listed.
    public static func < (a: InstructionSet, b: InstructionSet) -> Bool {
        a.limit.rawValue < b.limit.rawValue
    }

    /// This set where the processor has it, else the next below that it has.
    private var orNext: InstructionSet {
        let best = ck_best(limit)
        return Self.allCases.first { $0.limit == best } ?? .portable
    }

    /// The kernels' constant for the set.
    var limit: ck_set {
        switch self {
        case .portable: ck_portable
        case .neon: ck_neon
        case .avx2: ck_avx2
        case .avx512: ck_avx512
        }
    }
}

/// An error that prevents building a ``Plan``.
public enum PlanError: Error, Hashable, CustomStringConvertible {
    /// A layer without a kernel; the ``Interpreter`` runs such networks.
    case unsupported(layer: String, reason: String)
    /// A name of no instruction set.
    case unknownInstructionSet(String)
    /// A precision for which an instruction set has no GEMM kernel.
    case unsupportedPrecision(Precision, InstructionSet)

    /// The operation, the problem and a remedy.
    public var description: String {
        switch self {
        case .unsupported(let layer, let reason):
            "Planning the layer '\(layer)': \(reason). The reference interpreter can run this network."
        case .unknownInstructionSet(let name):
            "'\(name)' names no instruction set; try "
                + InstructionSet.allCases.map(\.rawValue).joined(separator: ", ") + "."
        case .unsupportedPrecision(let precision, let set):
            "\(set.rawValue) on this processor cannot compute in \(precision.rawValue); try "
                + set.precisions.map(\.rawValue).joined(separator: ", ") + " or auto."
        }
    }
}
