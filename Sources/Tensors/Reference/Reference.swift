/// The kernels that define what is right: plain Swift, one file per noun, no tricks.
///
/// One image, channels first (CHW), float32 in and out. Sums are taken in Double and rounded once
/// at the end, so that a result hardly depends on the order of additions and every faster kernel is
/// compared with the better number.
enum Reference {}

extension Tensor {
    /// The extent of a feature map.
    public var shape: Shape {
        precondition(dims.count == 3, "\(dims) is no feature map")
        return Shape(channels: dims[0], height: dims[1], width: dims[2])
    }

    /// A feature map of another shape, written by a closure that reads this one.
    func mapped(
        to shape: Shape, _ write: (Span<Float>, inout MutableSpan<Float>) -> Void
    ) -> Tensor {
        var result = Tensor(shape)
        withSpan { input in result.withMutableSpan { output in write(input, &output) } }
        return result
    }
}
