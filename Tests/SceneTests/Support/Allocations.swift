import CAllocations
import Testing

/// How often the calling thread allocates while `body` runs; nil where that says nothing.
///
/// Without optimisation the language itself allocates for generic code, and sanitizers bring their own allocator.
func allocations(during body: () -> Void) -> Int? {
    #if DEBUG
        body()
        return nil
    #else
        let before = tl_allocations_on_this_thread()
        body()
        let after = tl_allocations_on_this_thread()
        return tl_allocations_are_counted() != 0 ? after - before : nil
    #endif
}

/// Holds that `body` allocates nothing, or says loudly that this cannot be told here.
func expectNoAllocations(during body: () -> Void) {
    guard let count = allocations(during: body) else {
        print("SKIPPED: allocations are counted in release mode without sanitizers only")
        return
    }
    #expect(count == 0)
}
