internal import Foundation
public import Tensors

/// What a detector's products are to be computed in.
public enum PrecisionChoice: String, Hashable, Sendable, CaseIterable {
    /// The fastest that this processor has and whose accuracy the model vouches for.
    case automatic = "auto"
    case float32
    case bfloat16
    case int8

    /// What can be chosen on this processor.
    public static var available: [PrecisionChoice] {
        let own = InstructionSet.best.precisions.map(\.rawValue)
        return allCases.filter { $0 == .automatic || own.contains($0.rawValue) }
    }
}

extension Model {
    /// What a choice comes to with this model on this processor; never ``PrecisionChoice/automatic``.
    ///
    /// - Throws: `ModelError` for 8 bits without a calibration; `PlanError` for what the processor, or the mask in
    ///   `THUNDERLINE_CPU`, lacks.
    public func precision(for choice: PrecisionChoice) throws -> PrecisionChoice {
        let set = try InstructionSet.limited(
            by: ProcessInfo.processInfo.environment["THUNDERLINE_CPU"])
        let precision = try description.narrowing.resolve(choice, on: set)
        return PrecisionChoice(rawValue: precision.rawValue) ?? .float32
    }
}

extension ModelDescription.Narrowing {
    /// Average precision that a precision may lose and still be taken without being asked for.
    public static func allowedLoss(of precision: Precision) -> Float {
        switch precision {
        case .float32: 0
        case .bfloat16: 0.001
        case .int8: 0.005
        }
    }

    /// Whether a precision was measured and found good enough.
    public func vouches(for precision: Precision) -> Bool {
        let loss: Float? =
            switch precision {
            case .float32: 0
            case .bfloat16: bfloat16Loss
            case .int8: ranges.isEmpty ? nil : int8Loss
            }
        return loss.map { $0 <= Self.allowedLoss(of: precision) } ?? false
    }

    /// Whether 8 bits were measured and found good enough.
    public var vouchesForInt8: Bool { vouches(for: .int8) }

    /// What each product is computed in; those that 8 bits would hurt take bfloat16 where that is fast.
    public func map(for precision: Precision, on set: InstructionSet) -> PrecisionMap {
        switch precision {
        case .float32: .float32
        case .bfloat16: .bfloat16
        case .int8:
            PrecisionMap(
                usual: set.fastestPrecisions.contains(.bfloat16) ? .bfloat16 : .float32,
                products: ranges.mapValues { .int8($0) })
        }
    }

    /// The precision that a choice comes to on an instruction set.
    ///
    /// - Throws: `ModelError` for 8 bits without a calibration; `PlanError` for what the set lacks.
    public func resolve(_ choice: PrecisionChoice, on set: InstructionSet) throws -> Precision {
        switch choice {
        case .automatic:
            return set.fastestPrecisions.first { vouches(for: $0) } ?? .float32
        case .float32:
            return .float32
        case .bfloat16:
            guard set.precisions.contains(.bfloat16) else {
                throw PlanError.unsupportedPrecision(.bfloat16, set)
            }
            return .bfloat16
        case .int8:
            guard !ranges.isEmpty else {
                throw ModelError(
                    .unsupported, problem: "was never calibrated for 8 bits",
                    advice: "`thunderline quantize` does that, with some pictures.")
            }
            return .int8
        }
    }
}
