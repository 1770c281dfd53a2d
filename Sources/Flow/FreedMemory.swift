internal import CSystem

/// Memory that the program has freed and the C library still holds.
public enum FreedMemory {
    /// Returns freed memory to the system, where the C library can; takes about a millisecond.
    ///
    /// Between a model file and a packed plan, weights take several times the plan's size. That
    /// memory would count as the program's for as long as it runs.
    public static func giveBack() { cs_return_freed_memory() }

    /// Limits malloc's arenas, so that memory freed by one thread serves the others.
    ///
    /// For programs that run for months and start threads all the time: two arenas up to five
    /// processors, half as many as processors beyond.
    ///
    /// - Parameter processors: Number of threads that may run at once.
    public static func limitArenas(processors: Int) {
        cs_limit_memory_arenas(Int32(max(2, processors / 2)))
    }
}
