internal import CTorch

/// Drawing of inputs on the device; images are `[images, rows, columns, 3]`.
extension TorchTensor {
    /// 8-bit images of half the size.
    func halved() throws(TorchError) -> TorchTensor { try unsafe made { unsafe $0.halve($1) } }

    /// Draws patches of these images, each on another input of the canvas; `fill` lies outside of an image.
    func draw(
        _ patches: [ct_patch], fill: [Float], on canvas: TorchTensor
    ) throws(TorchError) {
        precondition(fill.count == 3, "a color has three parts")
        // SAFETY: the arrays outlive the call, which reads as many elements as they have.
        try unsafe done(canvas) { face, images, canvas in
            unsafe face.draw(canvas, images, patches, Int32(patches.count), fill)
        }
    }

    /// Transforms colors and normalizes; `matrices` holds twelve values per input, see `ct_face`.
    func recolored(
        matrices: [Float], mean: [Float], deviation: [Float]
    ) throws(TorchError) -> TorchTensor {
        precondition(matrices.count == 12 * dims[0] && mean.count == 3 && deviation.count == 3)
        // SAFETY: as for `draw`.
        return try unsafe made { face, canvas in
            unsafe face.recolor(canvas, matrices, mean, deviation)
        }
    }
}
