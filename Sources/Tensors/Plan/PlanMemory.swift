import CKernels

/// The memory of a plan: the arena of its maps, and its packed numbers and descriptions for the kernels.
///
/// SAFETY: pointers are private to the plan that holds this object and live exactly as long as it does;
/// nothing is added after the plan has been built.
@safe
final class PlanMemory {
    /// The maps; zeros at first, so that padding never holds what is not a number.
    let arena: UnsafeMutablePointer<Float>
    /// Floats in the arena.
    let arenaCount: Int
    /// Bytes of packed weights and tables.
    private(set) var constantBytes = 0
    private var blocks: [UnsafeMutableRawPointer] = unsafe []

    /// Room for maps of so many floats in all.
    init(arenaCount: Int) {
        self.arenaCount = arenaCount
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: max(arenaCount, 1) * MemoryLayout<Float>.stride, alignment: 64)
        // SAFETY: fresh memory for that many floats.
        unsafe arena = memory.bindMemory(to: Float.self, capacity: max(arenaCount, 1))
        unsafe arena.initialize(repeating: 0, count: max(arenaCount, 1))
    }

    deinit {
        // SAFETY: each was allocated raw and is given back once; all hold plain numbers.
        unsafe UnsafeMutableRawPointer(arena).deallocate()
        unsafe blocks.forEach { unsafe $0.deallocate() }
    }

    /// A copy of numbers that stays until the plan ends.
    func keep<Element: BitwiseCopyable>(_ values: [Element]) -> UnsafeMutablePointer<Element> {
        let count = max(values.count, 1)
        let block = UnsafeMutableRawPointer.allocate(
            byteCount: count * MemoryLayout<Element>.stride,
            alignment: max(64, MemoryLayout<Element>.alignment))
        unsafe blocks.append(block)
        constantBytes += count * MemoryLayout<Element>.stride
        // SAFETY: fresh memory for `count` elements, which are plain bits.
        let start = unsafe block.bindMemory(to: Element.self, capacity: count)
        for (index, value) in values.enumerated() {
            unsafe (start + index).initialize(to: value)
        }
        return unsafe start
    }

    /// Calls that stay until the plan ends, and may be changed.
    func keepCalls(_ calls: [PlanCall]) -> UnsafeMutablePointer<PlanCall> {
        unsafe keep(calls)
    }

    /// A description that stays until the plan ends.
    func keep<Element: BitwiseCopyable>(one value: Element) -> UnsafePointer<Element> {
        unsafe UnsafePointer(keep([value]))
    }
}
