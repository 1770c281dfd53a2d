import CKernels

/// The kernels of one instruction set.
///
/// SAFETY: the table holds functions of this program; they follow their descriptions and keep no state.
@safe
struct Kernels: @unchecked Sendable {
    /// The functions.
    let table: ck_table

    /// The kernels of a set, or of the best one below it that this processor has.
    init(_ set: InstructionSet) {
        unsafe table = unsafe ck_kernels(set.limit)
    }

    /// Floats in a vector.
    var width: Int { unsafe table.width }

    /// Outputs of a GEMM are padded to a multiple of this.
    var padding: Int { unsafe table.padding }

    /// The GEMM kernels of a low precision; nil for float32 and where the set has none.
    func lowPrecision(_ precision: Precision) -> ck_lowp_kernels? {
        let kernels: ck_lowp_kernels
        switch precision {
        case .float32: return nil
        case .bfloat16: kernels = unsafe table.bfloat16
        case .int8: kernels = unsafe table.int8
        }
        return unsafe kernels.pointwise == nil ? nil : kernels
    }

    /// Runs independent multiply-adds and returns their number.
    func multiplyAdds(_ precision: Precision, rounds: Int) -> Double {
        let kernel = unsafe lowPrecision(precision)?.fma_throughput ?? table.fma_throughput
        var sink: [Float] = Array(repeating: 0.5, count: width)
        return unsafe sink.withUnsafeMutableBufferPointer { (buffer) -> Double in
            guard let start = buffer.baseAddress else { return 0 }
            // SAFETY: the kernel reads and writes one vector.
            return unsafe kernel(rounds, start)
        }
    }
}
