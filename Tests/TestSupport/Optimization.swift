/// Whether this was built with optimisation: what is measured of unoptimised kernels says nothing.
public let isOptimized: Bool = {
    #if DEBUG
        return false
    #else
        return true
    #endif
}()
