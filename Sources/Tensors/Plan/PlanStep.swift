import CKernels

/// A kernel call that is ready to run: the kernel, the description of its layer, and the units to compute.
///
/// A pool's threads read the step at a fixed address.
@safe
struct PlanStep {
    /// The description of a layer, and its kernel where it depends on the precision.
    @safe
    enum Call {
        case pointwise(UnsafePointer<ck_pointwise>, ck_gemm)
        case depthwise(UnsafePointer<ck_depthwise>)
        case maxPool(UnsafePointer<ck_maxpool>)
        /// Each part uses its own `scratchCount` floats of `scratch`.
        case stem(UnsafePointer<ck_stem>, scratch: UnsafeMutablePointer<Float>?, scratchCount: Int)
        case average(UnsafePointer<ck_average>)
        case gather(UnsafePointer<ck_gather>)
        case regionPool(UnsafePointer<ck_region_pool>)
        /// Each part uses its own `scratchCount` floats of `scratch`.
        case image(UnsafePointer<ck_image>, scratch: UnsafeMutablePointer<Float>, scratchCount: Int)
    }

    let kernels: Kernels
    let call: Call
    /// Parts that run at the same time when threads share the step.
    let parts: Int
    /// Units of the current run.
    var units: Int

    /// Computes one of ``parts`` equal parts of the units.
    func run(part: Int) {
        run(units * part / parts..<units * (part + 1) / parts, part: part)
    }

    /// Computes some of the units.
    ///
    /// Parts that run at the same time need different numbers.
    func run(_ units: Range<Int>, part: Int) {
        // SAFETY: `PlanBinding` built the descriptions from buffers that are large enough for all units.
        switch call {
        case .pointwise(let layer, let gemm):
            unsafe gemm(layer, units.lowerBound, units.upperBound)
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
