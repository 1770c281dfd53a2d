internal import CTorch
internal import Synchronization

/// Properties of the libtorch library: version, threads, devices.
public enum TorchLibrary {
    // SAFETY: the table is a constant that lives as long as the process.
    static let table: ct_face? = unsafe ct_open()?.pointee

    /// True when the program was built with libtorch.
    public static var isAvailable: Bool { table != nil }

    /// Function table.
    ///
    /// - Throws: ``TorchError/missing`` in a build without libtorch.
    static func face() throws(TorchError) -> ct_face {
        guard let table else { throw .missing }
        return table
    }

    /// Version, such as `2.13.0`; empty in a build without libtorch.
    public static var version: String { unsafe text(table?.version()) }

    /// Vector instructions in use, such as `AVX512`.
    public static var processor: String { unsafe text(table?.processor()) }

    /// Number of threads per operation.
    public static var threads: Int {
        get { Int(table?.threads() ?? 1) }
        set { table?.set_threads(Int32(newValue)) }
    }

    /// Index of the CUDA device that new tensors are placed on; -1 for the CPU.
    static let device = Atomic(-1)

    /// Places new tensors on a CUDA device.
    ///
    /// - Throws: ``TorchError/refused(_:)`` if libtorch finds no such device.
    public static func useCUDA(_ index: Int = 0) throws(TorchError) {
        guard (0..<devices).contains(index) else {
            throw .refused(
                "there is no CUDA device \(index) (\(unsafe text(table?.error()))). "
                    + "Use --device cpu, or an installed PyTorch with CUDA: libtorch.sh installed.")
        }
        device.store(index, ordering: .relaxed)
    }

    /// Number of CUDA devices; loads libtorch's CUDA library if it is installed.
    public static var devices: Int {
        guard let table, table.load_cuda() else { return 0 }
        return Int(table.devices())
    }

    /// Error of the last failed call, with libtorch's message.
    static var failure: TorchError { unsafe .refused(text(table?.error())) }

    /// Runs the body without recording gradients.
    public static func withoutGradients<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let former = table?.set_gradients(false) ?? false
        defer { _ = table?.set_gradients(former) }
        return try body()
    }

    private static func text(_ words: UnsafePointer<CChar>?) -> String {
        unsafe words.map { unsafe String(cString: $0) } ?? ""
    }
}
