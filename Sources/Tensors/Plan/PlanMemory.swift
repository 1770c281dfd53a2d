import CKernels

/// The memory of a plan: the arena of its maps, and the packed weights and descriptions that kernels read.
///
/// SAFETY: pointers are private to the plan that holds this object and live exactly as long as it does;
/// nothing is added after the plan has been built.
@safe
final class PlanMemory {
    /// The maps; zeros at first, so that padding never holds NaN.
    let arena: UnsafeMutablePointer<Float>
    /// Size of the arena in floats.
    let arenaCount: Int
    /// Bytes of packed weights, tables and descriptions.
    private(set) var constantBytes = 0
    private var blocks: [UnsafeMutableRawPointer] = unsafe []

    /// Allocates an arena of `arenaCount` floats.
    init(arenaCount: Int) {
        self.arenaCount = arenaCount
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: max(arenaCount, 1) * MemoryLayout<Float>.stride, alignment: 64)
        // SAFETY: fresh memory for that many floats.
        unsafe arena = memory.bindMemory(to: Float.self, capacity: max(arenaCount, 1))
        unsafe arena.initialize(repeating: 0, count: max(arenaCount, 1))
    }

    deinit {
        // SAFETY: each block was allocated raw and is freed once; all hold trivial values.
        unsafe UnsafeMutableRawPointer(arena).deallocate()
        unsafe blocks.forEach { unsafe $0.deallocate() }
    }

    /// Copies values to memory that lives as long as the plan.
    func keep<Element: BitwiseCopyable>(_ values: [Element]) -> UnsafeMutablePointer<Element> {
        let count = max(values.count, 1)
        let block = UnsafeMutableRawPointer.allocate(
            byteCount: count * MemoryLayout<Element>.stride,
            alignment: max(64, MemoryLayout<Element>.alignment))
        unsafe blocks.append(block)
        constantBytes += count * MemoryLayout<Element>.stride
        // SAFETY: fresh memory for `count` elements, which are trivial.
        let start = unsafe block.bindMemory(to: Element.self, capacity: count)
        for (index, value) in values.enumerated() {
            unsafe (start + index).initialize(to: value)
        }
        return unsafe start
    }

    /// Copies steps to fixed addresses that live as long as the plan.
    ///
    /// Their units may be changed.
    func keepSteps(_ steps: [PlanStep]) -> UnsafeMutablePointer<PlanStep> {
        unsafe keep(steps)
    }

    /// Copies a description to memory that lives as long as the plan.
    func keep<Element: BitwiseCopyable>(one value: Element) -> UnsafePointer<Element> {
        unsafe UnsafePointer(keep([value]))
    }
}
