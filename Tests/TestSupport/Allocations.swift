internal import CAllocations

/// Counts allocations of the calling thread while `body` runs; nil, with a message, where the count
/// is meaningless.
///
/// Sanitizers bring their own allocator. Without optimisation generic code allocates, so only calls
/// with `inDebugToo` count there.
public func allocations(inDebugToo: Bool = false, during body: () throws -> Void) rethrows -> Int? {
    let before = tl_allocations_on_this_thread()
    try body()
    let count = tl_allocations_on_this_thread() - before
    guard tl_allocations_are_counted() != 0 else {
        print("SKIPPED: sanitizers bring their own allocator, so allocations are not counted")
        return nil
    }
    #if DEBUG
        guard inDebugToo else {
            print("SKIPPED: unoptimised code allocates where the optimiser removes it")
            return nil
        }
    #endif
    return count
}

/// Bytes allocated and not freed by the whole process; 0 under sanitizers, which bring their own
/// allocator.
///
/// Unlike resident memory, it excludes what the C library caches for threads.
public var bytesInUse: Int { tl_bytes_in_use() }
