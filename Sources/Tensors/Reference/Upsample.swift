extension Reference {
    /// Nearest-neighbour upsampling: pixel (y, x) of H×W is row ⌊y·h/H⌋, column ⌊x·w/W⌋ of the input.
    static func upsample(_ x: Tensor, to plane: Shape) -> Tensor {
        let from = x.shape
        let to = Shape(channels: from.channels, height: plane.height, width: plane.width)
        return x.mapped(to: to) { input, output in
            for channel in 0..<to.channels {
                for y in 0..<to.height {
                    let row = channel * from.height + y * from.height / to.height
                    for x in 0..<to.width {
                        output[(channel * to.height + y) * to.width + x] =
                            input[row * from.width + x * from.width / to.width]
                    }
                }
            }
        }
    }
}
