internal import CKernels

/// Memory that was freed and that the C library still holds.
public enum FreedMemory {
    /// Gives it back to the system, where the library can; takes about a millisecond.
    ///
    /// Weights in all forms between a file and a packed plan are several times as large as the plan, and would count as
    /// the program's for as long as it runs.
    public static func giveBack() { ck_return_freed_memory() }

    /// Has all threads share a few pools from now on: memory that one has freed serves the others.
    ///
    /// For programs whose threads come and go for months, and which seldom wait for memory: two pools up to five
    /// processors, and half as many as these beyond.
    ///
    /// - Parameter processors: How many threads may run at once.
    public static func share(among processors: Int) {
        ck_limit_memory_pools(Int32(max(2, processors / 2)))
    }
}
