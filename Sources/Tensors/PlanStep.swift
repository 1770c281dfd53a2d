import CKernels

/// One kernel with everything it needs, ready to be called.
@safe
enum PlanStep {
    case pointwise(UnsafePointer<ck_pointwise>)
    case depthwise(UnsafePointer<ck_depthwise>)
    case maxPool(UnsafePointer<ck_maxpool>)
    case stem(UnsafePointer<ck_stem>, scratch: UnsafeMutablePointer<Float>?)
    case average(UnsafePointer<ck_average>)
    case gather(UnsafePointer<ck_gather>)
    case regionPool(UnsafePointer<ck_region_pool>)

    /// Computes a part of the step's units.
    @inline(__always)
    func run(_ kernels: borrowing Kernels, _ units: Range<Int>) {
        // SAFETY: the descriptions were built by `PlanBinding` from slabs large enough for all units.
        switch self {
        case .pointwise(let layer):
            unsafe kernels.table.pointwise(layer, units.lowerBound, units.upperBound)
        case .depthwise(let layer):
            unsafe kernels.table.depthwise(layer, units.lowerBound, units.upperBound)
        case .maxPool(let layer):
            unsafe kernels.table.maxpool(layer, units.lowerBound, units.upperBound)
        case .stem(let layer, let scratch):
            unsafe kernels.table.stem(layer, scratch, units.lowerBound, units.upperBound)
        case .average(let layer):
            unsafe kernels.table.average(layer)
        case .gather(let layer):
            unsafe kernels.table.gather(layer, units.lowerBound, units.upperBound)
        case .regionPool(let layer):
            unsafe kernels.table.region_pool(layer, units.lowerBound, units.upperBound)
        }
    }
}
