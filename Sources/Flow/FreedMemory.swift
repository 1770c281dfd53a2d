internal import CSystem

/// Memory that the program freed and the C library still holds.
public enum FreedMemory {
    /// Returns freed memory to the system, where the C library can; takes about a millisecond.
    ///
    /// Weights between a model file and a packed plan take several times the plan's size, and would count as the
    /// program's memory for as long as it runs.
    public static func giveBack() { cs_return_freed_memory() }

    /// Makes all threads share a few malloc arenas, so that memory freed by one serves the others.
    ///
    /// For programs that run for months, start and end threads all the time, and seldom wait for memory: two arenas up
    /// to five processors, half as many as processors beyond.
    ///
    /// - Parameter processors: Number of threads that may run at once.
    public static func share(among processors: Int) {
        cs_limit_memory_arenas(Int32(max(2, processors / 2)))
    }
}
