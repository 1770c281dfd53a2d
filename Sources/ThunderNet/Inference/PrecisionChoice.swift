public import Tensors

/// The choice of a precision for a detector's GEMMs.
public enum PrecisionChoice: String, Hashable, Sendable, CaseIterable {
    /// The fastest precision of this processor whose AP loss the model documents as small enough.
    case automatic = "auto"
    /// 32-bit floating point.
    case float32
    /// bfloat16 operands, float32 sums.
    case bfloat16
    /// Operands quantized to 8 bits.
    case int8

    /// The choices that this processor supports.
    public static var available: [PrecisionChoice] {
        let own = InstructionSet.best.precisions.map(\.rawValue)
        return allCases.filter { $0 == .automatic || own.contains($0.rawValue) }
    }
}

extension Model {
    /// The precision that a choice resolves to for this model; never ``PrecisionChoice/automatic``.
    ///
    /// - Throws: `ModelError` for 8 bits without a calibration; `PlanError` for a precision that the set lacks.
    public func precision(
        for choice: PrecisionChoice, on set: InstructionSet = .best
    ) throws -> PrecisionChoice {
        let precision = try description.lowPrecision.resolve(choice, on: set)
        return PrecisionChoice(rawValue: precision.rawValue) ?? .float32
    }
}

extension ModelDescription.LowPrecision {
    /// Upper limit of the AP loss at which a precision is chosen automatically.
    public static func allowedLoss(of precision: Precision) -> Float {
        switch precision {
        case .float32: 0
        case .bfloat16: 0.001
        case .int8: 0.005
        }
    }

    /// True when the documented AP loss of a precision is within ``allowedLoss(of:)``.
    public func permits(_ precision: Precision) -> Bool {
        let loss: Float? =
            switch precision {
            case .float32: 0
            case .bfloat16: bfloat16Loss
            case .int8: ranges.isEmpty ? nil : int8Loss
            }
        return loss.map { $0 <= Self.allowedLoss(of: precision) } ?? false
    }

    /// True when the documented AP loss of 8 bits is small enough.
    public var permitsInt8: Bool { permits(.int8) }

    /// The precision of each layer.
    ///
    /// Layers without 8-bit ranges use bfloat16 where it is fast, else float32.
    public func map(for precision: Precision, on set: InstructionSet) -> PrecisionMap {
        switch precision {
        case .float32: .float32
        case .bfloat16: .bfloat16
        case .int8:
            PrecisionMap(
                default: set.fastestPrecisions.contains(.bfloat16) ? .bfloat16 : .float32,
                layers: ranges.mapValues { .int8($0) })
        }
    }

    /// The precision that a choice resolves to on an instruction set.
    ///
    /// - Throws: `ModelError` for 8 bits without a calibration; `PlanError` for a precision that the set lacks.
    public func resolve(_ choice: PrecisionChoice, on set: InstructionSet) throws -> Precision {
        switch choice {
        case .automatic:
            return set.fastestPrecisions.first { permits($0) } ?? .float32
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
                    .unsupported, problem: "is not calibrated for 8 bits",
                    advice: "Calibrate it with `thunderline quantize` and some images.")
            }
            return .int8
        }
    }
}
