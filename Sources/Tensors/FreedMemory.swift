internal import CKernels

/// Memory that was freed and that the C library still holds.
public enum FreedMemory {
    /// Gives it back to the system, where the library can; takes about a millisecond.
    ///
    /// Weights in all forms between a file and a packed plan are several times as large as the plan, and would count as
    /// the program's for as long as it runs.
    public static func giveBack() { ck_return_freed_memory() }
}
