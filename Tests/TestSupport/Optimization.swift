/// Whether this was built with optimisation: what is measured of unoptimised kernels says nothing.
#if DEBUG
    public let isOptimized = false
#else
    public let isOptimized = true
#endif
