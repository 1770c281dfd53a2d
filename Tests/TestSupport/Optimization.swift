/// True for optimised builds; measurements of unoptimised kernels are meaningless.
public let isOptimized: Bool = {
    #if DEBUG
        return false
    #else
        return true
    #endif
}()
