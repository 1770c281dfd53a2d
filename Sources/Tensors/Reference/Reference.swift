/// The reference kernels in plain Swift, one file per kind of operation.
///
/// One image, channels first (CHW), float32 in and out. Sums are computed in Double and rounded once, so that results
/// hardly depend on the order of additions.
enum Reference {}

extension Tensor {
    /// Shape of a feature map.
    public var shape: Shape {
        precondition(dims.count == 3, "\(dims) is no feature map")
        return Shape(channels: dims[0], height: dims[1], width: dims[2])
    }

    /// Creates a feature map of another shape by a closure that reads this one.
    func mapped(
        to shape: Shape, _ write: (Span<Float>, inout MutableSpan<Float>) -> Void
    ) -> Tensor {
        var result = Tensor(shape)
        withSpan { input in result.withMutableSpan { output in write(input, &output) } }
        return result
    }
}
