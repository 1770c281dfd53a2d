import Tensors

/// The largest difference of two tensors, relative to the largest magnitude of the second.
func relativeError(_ a: Tensor, _ b: Tensor) -> Float {
    precondition(a.count == b.count)
    let scale = max(b.values.map(abs).max() ?? 0, .leastNormalMagnitude)
    let difference = zip(a.values, b.values).map { abs($0 - $1) }
    return difference.contains { $0.isNaN } ? .infinity : (difference.max() ?? 0) / scale
}

/// The numbers 0, 1, 2, … as a feature map.
func ramp(_ shape: Shape) -> Tensor {
    Tensor(shape, (0..<shape.count).map { Float($0) })
}

/// Reproducible normally distributed numbers.
func noise(_ dims: [Int], seed: UInt64) -> Tensor {
    var source = NormalSource(seed: seed)
    return Tensor(dims: dims, (0..<dims.reduce(1, *)).map { _ in source.next() })
}

/// Small integers (i·step mod modulus) − offset.
///
/// Sums of their products are exact in float32.
func pattern(_ dims: [Int], _ step: Int, _ modulus: Int, _ offset: Int) -> Tensor {
    Tensor(dims: dims, (0..<dims.reduce(1, *)).map { Float($0 * step % modulus - offset) })
}
