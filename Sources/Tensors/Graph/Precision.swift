internal import CKernels

/// What the products of a ``Plan`` are computed in; everything else is float32.
public enum Precision: String, Hashable, Sendable, CaseIterable {
    /// 32-bit floating point.
    case float32
    /// Inputs and weights rounded to 8 significant bits, sums in float32.
    case bfloat16
    /// Inputs and weights in 8 bits with a scale each, sums exact.
    case int8
}

/// What one product is computed in.
public enum ProductPrecision: Hashable, Sendable {
    /// 32-bit floating point.
    case float32
    /// Operands in bfloat16; float32 where the instruction set has no such product.
    case bfloat16
    /// Operands in 8 bits; inputs outside the range become its ends.
    case int8(ClosedRange<Float>)

    /// Without its numbers.
    public var precision: Precision {
        switch self {
        case .float32: .float32
        case .bfloat16: .bfloat16
        case .int8: .int8
        }
    }
}

/// What each product of a plan is computed in, by the name of its node.
public struct PrecisionMap: Hashable, Sendable {
    /// What holds for products that are not named.
    public var usual: ProductPrecision
    /// Exceptions.
    public var products: [String: ProductPrecision]

    /// One precision for all but the named products.
    public init(usual: ProductPrecision, products: [String: ProductPrecision] = [:]) {
        self.usual = usual
        self.products = products
    }

    /// 32-bit floating point everywhere.
    public static let float32 = PrecisionMap(usual: .float32)
    /// bfloat16 for every product.
    public static let bfloat16 = PrecisionMap(usual: .bfloat16)

    /// What holds for a product.
    public subscript(name: String) -> ProductPrecision { products[name] ?? usual }
}

extension InstructionSet {
    /// The precisions for which this processor, within this set, has products of their own.
    public var precisions: [Precision] {
        Precision.allCases.filter { $0 == .float32 || Kernels(self).narrow($0) != nil }
    }
}

extension InstructionSet {
    /// The precisions that are faster than float32 here, the fastest first.
    public var fastestPrecisions: [Precision] {
        [.int8, .bfloat16].filter { isFaster($0) && precisions.contains($0) }
    }

    private func isFaster(_ precision: Precision) -> Bool {
        switch self {
        // Plain C takes numbers of 8 bits one by one.
        case .portable: false
        // Only products of bytes do more multiply-adds in a cycle than float32 does.
        case .neon: Kernels(self).narrow(precision)?.group == 4
        case .avx2: true
        case .avx512: unsafe precision != .bfloat16 || Kernels(self).table.bfloat16_gains
        }
    }
}

extension Kernels {
    /// The kernels for a narrow precision; nil for float32 and where the set has none.
    func narrow(_ precision: Precision) -> ck_narrow_kernels? {
        let kernels: ck_narrow_kernels
        switch precision {
        case .float32: return nil
        case .bfloat16: kernels = unsafe table.bfloat16
        case .int8: kernels = unsafe table.int8
        }
        return unsafe kernels.pointwise == nil ? nil : kernels
    }
}
