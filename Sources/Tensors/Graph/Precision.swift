internal import CKernels

/// Precision of the GEMMs of a ``Plan``; everything else is computed in float32.
public enum Precision: String, Hashable, Sendable, CaseIterable {
    /// 32-bit floating point.
    case float32
    /// Inputs and weights in bfloat16 (8 significant bits), sums in float32.
    case bfloat16
    /// Inputs and weights quantized to 8 bits with a scale each, exact integer sums.
    case int8
}

/// Precision of one GEMM.
public enum LayerPrecision: Hashable, Sendable {
    /// 32-bit floating point.
    case float32
    /// Operands in bfloat16; float32 where the instruction set has no such kernel.
    case bfloat16
    /// Operands quantized to 8 bits; inputs are clamped to the range.
    case int8(ClosedRange<Float>)

    /// The precision without its range.
    public var precision: Precision {
        switch self {
        case .float32: .float32
        case .bfloat16: .bfloat16
        case .int8: .int8
        }
    }
}

/// Precision of each GEMM of a plan, by the name of its node.
public struct PrecisionMap: Hashable, Sendable {
    /// Precision of layers that are not listed.
    public var `default`: LayerPrecision
    /// Precision of single layers.
    public var layers: [String: LayerPrecision]

    /// One precision for all layers except those listed.
    public init(default: LayerPrecision, layers: [String: LayerPrecision] = [:]) {
        self.default = `default`
        self.layers = layers
    }

    /// 32-bit floating point for every layer.
    public static let float32 = PrecisionMap(default: .float32)
    /// bfloat16 for every layer.
    public static let bfloat16 = PrecisionMap(default: .bfloat16)

    /// The precision of a layer.
    public subscript(name: String) -> LayerPrecision { layers[name] ?? `default` }
}

extension InstructionSet {
    /// The precisions for which this set has GEMM kernels on this processor.
    public var precisions: [Precision] {
        Precision.allCases.filter { $0 == .float32 || Kernels(self).lowPrecision($0) != nil }
    }

    /// The precisions that are faster than float32 on this processor, the fastest first.
    public var fastestPrecisions: [Precision] {
        [.int8, .bfloat16].filter { isFaster($0) && precisions.contains($0) }
    }

    private func isFaster(_ precision: Precision) -> Bool {
        switch self {
        // Plain C converts 8-bit inputs one by one.
        case .portable: false
        // Only dot products of bytes do more multiply-adds per cycle than float32.
        case .neon: Kernels(self).lowPrecision(precision)?.group == 4
        case .avx2: true
        case .avx512: unsafe precision != .bfloat16 || Kernels(self).table.bfloat16_gains
        }
    }
}
