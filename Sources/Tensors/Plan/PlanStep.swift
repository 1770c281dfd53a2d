import CKernels

/// One kernel with everything it needs, ready to be called.
@safe
enum PlanStep {
    /// A kernel for products of one precision.
    typealias Product = @convention(c) (UnsafePointer<ck_pointwise>, Int, Int) -> Void

    case pointwise(UnsafePointer<ck_pointwise>, Product)
    case depthwise(UnsafePointer<ck_depthwise>)
    case maxPool(UnsafePointer<ck_maxpool>)
    /// With `scratchCount` floats of scratch for each part that runs at the same time.
    case stem(UnsafePointer<ck_stem>, scratch: UnsafeMutablePointer<Float>?, scratchCount: Int)
    case average(UnsafePointer<ck_average>)
    case gather(UnsafePointer<ck_gather>)
    case regionPool(UnsafePointer<ck_region_pool>)
    /// With scratch as for a stem.
    case image(UnsafePointer<ck_image>, scratch: UnsafeMutablePointer<Float>, scratchCount: Int)

    /// Computes some of the step's units; parts that run at the same time have different numbers.
    func run(_ kernels: borrowing Kernels, _ units: Range<Int>, part: Int) {
        // SAFETY: the descriptions were built by `PlanBinding` from slabs large enough for all units.
        switch self {
        case .pointwise(let layer, let product):
            unsafe product(layer, units.lowerBound, units.upperBound)
        case .depthwise(let layer):
            unsafe kernels.table.depthwise(layer, units.lowerBound, units.upperBound)
        case .maxPool(let layer):
            unsafe kernels.table.maxpool(layer, units.lowerBound, units.upperBound)
        case .stem(let layer, let scratch, let count):
            let scratch = unsafe scratch.map { unsafe $0 + part * count }
            unsafe kernels.table.stem(layer, scratch, units.lowerBound, units.upperBound)
        case .average(let layer):
            unsafe kernels.table.average(layer)
        case .gather(let layer):
            unsafe kernels.table.gather(layer, units.lowerBound, units.upperBound)
        case .regionPool(let layer):
            unsafe kernels.table.region_pool(layer, units.lowerBound, units.upperBound)
        case .image(let image, let scratch, let count):
            unsafe kernels.table.image(
                image, scratch + part * count, units.lowerBound, units.upperBound)
        }
    }
}

/// A step as the threads of a pool meet it.
struct PlanCall {
    let kernels: Kernels
    let step: PlanStep
    /// How many parts run at the same time.
    let parts: Int
    /// How many units there are in this run.
    var units: Int

    /// Computes one part.
    func run(part: Int) {
        step.run(kernels, units * part / parts..<units * (part + 1) / parts, part: part)
    }
}
