import CKernels

/// The kernels of one instruction set.
///
/// SAFETY: the table holds functions of the program itself; they do what their descriptions say and keep
/// nothing.
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

    /// What the outputs of a product are padded to.
    var padding: Int { unsafe table.padding }

    /// Runs independent multiply-adds and says how many.
    func peak(_ precision: Precision, rounds: Int) -> Double {
        let kernel = unsafe narrow(precision)?.peak ?? table.peak
        var sink: [Float] = Array(repeating: 0.5, count: width)
        return unsafe sink.withUnsafeMutableBufferPointer { (buffer) -> Double in
            guard let start = buffer.baseAddress else { return 0 }
            // SAFETY: one vector is read and written.
            return unsafe kernel(rounds, start)
        }
    }
}
