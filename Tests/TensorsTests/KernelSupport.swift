import CKernels
import Tensors

/// Kinds of input values, edge cases included.
enum Fill: CaseIterable {
    case uniform, tiny, huge, zeros, sparse, negative

    func next(_ source: inout NormalSource) -> Float {
        let bits = source.bits()
        let uniform = Float(Int32(truncatingIfNeeded: bits)) / Float(Int32.max)
        return switch self {
        case .uniform: uniform
        case .tiny: uniform * 1e-18
        case .huge: uniform * 1e15
        case .zeros: bits % 2 == 0 ? 0 : -0.0
        case .negative: -1 - abs(uniform)
        case .sparse: bits % 8 == 0 ? uniform * 1000 : 0
        }
    }
}

/// Floats between two guard bands.
///
/// SAFETY: the pointer lives as long as the object, and tests stay on one thread.
@safe
final class Guarded {
    private static let band = 64
    private static let canary: Float = -1.2345e33
    let count: Int
    private let memory: UnsafeMutablePointer<Float>

    init(_ count: Int, _ value: () -> Float) {
        self.count = count
        unsafe memory = .allocate(capacity: count + 2 * Self.band)
        unsafe memory.initialize(repeating: Self.canary, count: count + 2 * Self.band)
        for index in 0..<count { self[index] = value() }
    }

    /// Guarded output of a kernel, filled with NaN.
    convenience init(output count: Int) { self.init(count) { .nan } }

    convenience init(_ values: [Float]) {
        var rest = values[...]
        self.init(values.count) { rest.popFirst() ?? 0 }
    }

    deinit { unsafe memory.deallocate() }

    var start: UnsafeMutablePointer<Float> { unsafe memory + Self.band }

    var reading: UnsafePointer<Float> { unsafe UnsafePointer(start) }

    subscript(index: Int) -> Float {
        get { unsafe start[index] }
        set { unsafe start[index] = newValue }
    }

    var values: [Float] { (0..<count).map { self[$0] } }

    /// True when both guard bands are unchanged.
    var isIntact: Bool {
        let after = Self.band + count
        let bands = Array(0..<Self.band) + Array(after..<after + Self.band)
        return bands.allSatisfy { unsafe memory[$0] == Self.canary }
    }
}

/// A random activation buffer with several ranges of channels.
///
/// SAFETY: the ranges point into the buffer, which lives as long.
@safe
final class RangedBuffer {
    let pixels: Int
    let stride: Int
    let counts: [Int]
    private let firsts: [Int]
    private let buffer: Guarded
    private var ranges: [ck_range] = unsafe []

    /// Creates ranges of the given lengths with gaps between them, not on vector boundaries.
    init(
        _ counts: [Int], pixels: Int, width: Int, fill: Fill, source: inout NormalSource
    ) {
        self.pixels = pixels
        self.counts = counts
        var firsts: [Int] = []
        var position = counts.count > 1 ? 3 : 0
        for count in counts {
            firsts.append(position)
            position += count + 1
        }
        self.firsts = firsts
        stride = (position + width - 1) / width * width
        buffer = Guarded(pixels * stride + width) { fill.next(&source) }
        for (first, count) in zip(firsts, counts) {
            unsafe ranges.append(
                ck_range(base: buffer.reading + first, stride: stride, count: count))
        }
    }

    var channels: Int { counts.reduce(0, +) }

    /// The value of a channel, counted over all ranges.
    func value(_ pixel: Int, _ channel: Int) -> Double {
        var rest = channel
        for (first, count) in zip(firsts, counts) {
            if rest < count { return Double(buffer[pixel * stride + first + rest]) }
            rest -= count
        }
        preconditionFailure("there are \(channels) channels")
    }

    /// Lends the descriptions of the ranges.
    func withRanges(_ body: (UnsafePointer<ck_range>, Int) -> Void) {
        unsafe ranges.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            unsafe body(start, buffer.count)
        }
    }
}

/// The kernels of one instruction set as a test argument.
struct KernelSet: CustomStringConvertible, Sendable {
    let instructions: InstructionSet

    var description: String { instructions.rawValue }

    /// The sets that this processor has; the others are printed.
    static let available: [KernelSet] = {
        for set in InstructionSet.allCases where !InstructionSet.available.contains(set) {
            print("SKIPPED: kernels for \(set.rawValue), which this processor lacks")
        }
        return InstructionSet.available.map(KernelSet.init)
    }()

    var table: ck_table {
        switch instructions {
        case .portable: unsafe ck_kernels(ck_portable)
        case .neon: unsafe ck_kernels(ck_neon)
        case .avx2: unsafe ck_kernels(ck_avx2)
        case .avx512: unsafe ck_kernels(ck_avx512)
        }
    }

    var width: Int { unsafe table.width }

    /// True when the processor has GEMM kernels of a precision for the set; prints a note otherwise.
    func has(_ precision: Precision) -> Bool {
        let isThere = instructions.precisions.contains(precision)
        if !isThere {
            print("SKIPPED: \(precision.rawValue) for \(self), which has no such kernel")
        }
        return isThere
    }
}

/// True when a sum agrees with one in Double; `magnitude` is the sum of its terms' magnitudes.
func agrees(_ value: Float, _ expected: Double, magnitude: Double) -> Bool {
    abs(Double(value) - expected) <= 2e-6 * magnitude + 1e-37
}
