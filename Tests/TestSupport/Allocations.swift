internal import CAllocations

/// How often the calling thread allocates while `body` runs; nil, said loudly, where a count would say nothing.
///
/// Sanitizers bring their own allocator. Without optimisation the language itself allocates for generic code, so
/// there only `inDebugToo` counts.
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

/// Bytes that the whole program has allocated and not freed; 0 under sanitizers, which bring their own allocator.
///
/// Unlike the memory that is resident, it does not count what the C library keeps for threads to come.
public var bytesInUse: Int { tl_bytes_in_use() }
