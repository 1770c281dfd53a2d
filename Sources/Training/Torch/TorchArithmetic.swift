internal import CTorch

/// Shape and choice.
extension TorchTensor {
    /// The same numbers in other dimensions; one of them may be −1, which takes what is left.
    public func reshaped(_ dims: [Int]) throws(TorchError) -> TorchTensor {
        try unsafe made { unsafe $0.reshape($1, dims.map(Int64.init), Int32(dims.count)) }
    }

    /// The dimensions in another order.
    public func permuted(_ order: [Int]) throws(TorchError) -> TorchTensor {
        try unsafe made { unsafe $0.permute($1, order.map(Int64.init), Int32(order.count)) }
    }

    /// A range of one dimension.
    public func narrowed(_ dimension: Int, _ range: Range<Int>) throws(TorchError) -> TorchTensor {
        try unsafe made {
            unsafe $0.narrow($1, Int32(dimension), Int64(range.lowerBound), Int64(range.count))
        }
    }

    /// Rows of the first dimension, in the order given, repeated where an index is.
    public func rows(_ indices: [Int]) throws(TorchError) -> TorchTensor {
        try unsafe made(TorchTensor(indices: indices)) { unsafe $0.select($1, $2) }
    }

    /// Tensors one after another along a dimension.
    public static func concatenated(
        _ tensors: [TorchTensor], along dimension: Int
    ) throws(TorchError) -> TorchTensor {
        try unsafe TorchTensor(
            lend(tensors) { unsafe $0.concatenate($1, $2, Int32(dimension)) })
    }
}

/// Element by element, shapes spread as libtorch spreads them.
extension TorchTensor {
    /// The sum.
    public func adding(_ other: TorchTensor) throws(TorchError) -> TorchTensor {
        try unsafe made(other) { unsafe $0.add($1, $2) }
    }

    /// The difference.
    public func subtracting(_ other: TorchTensor) throws(TorchError) -> TorchTensor {
        try adding(other.times(-1))
    }

    /// The product.
    public func multiplied(by other: TorchTensor) throws(TorchError) -> TorchTensor {
        try unsafe made(other) { unsafe $0.multiply($1, $2) }
    }

    /// The quotient.
    public func divided(by other: TorchTensor) throws(TorchError) -> TorchTensor {
        try unsafe made(other) { unsafe $0.divide($1, $2) }
    }

    /// The lesser of two.
    public func minimum(_ other: TorchTensor) throws(TorchError) -> TorchTensor {
        try unsafe made(other) { unsafe $0.minimum($1, $2) }
    }

    /// The greater of two.
    public func maximum(_ other: TorchTensor) throws(TorchError) -> TorchTensor {
        try unsafe made(other) { unsafe $0.maximum($1, $2) }
    }

    /// e to this.
    public func exponential() throws(TorchError) -> TorchTensor {
        try unsafe made { unsafe $0.exponential($1) }
    }

    /// Held within a range.
    public func clamped(_ range: ClosedRange<Double>) throws(TorchError) -> TorchTensor {
        try unsafe made { unsafe $0.clamp($1, range.lowerBound, range.upperBound) }
    }

    /// This times a factor, plus an offset.
    public func times(_ factor: Double, plus offset: Double = 0) throws(TorchError) -> TorchTensor {
        try unsafe made { unsafe $0.affine($1, factor, offset) }
    }

    /// The sum of all numbers, as a tensor of one.
    public func sum() throws(TorchError) -> TorchTensor { try unsafe made { unsafe $0.sum($1) } }

    /// The sums over the last dimension.
    public func sumOfLast() throws(TorchError) -> TorchTensor {
        try unsafe made { unsafe $0.sum_last($1) }
    }

    /// The sum of this times weights of the same dimensions, as a tensor of one.
    public func weightedSum(_ weights: [Float]) throws(TorchError) -> TorchTensor {
        try multiplied(by: TorchTensor(weights, dims)).sum()
    }
}

/// Losses, one number an element or row.
extension TorchTensor {
    /// Binary cross-entropy of logits against targets from 0 to 1.
    public func binaryCrossEntropy(_ targets: TorchTensor) throws(TorchError) -> TorchTensor {
        try unsafe made(targets) { unsafe $0.binary_cross_entropy($1, $2) }
    }

    /// Cross-entropy of rows of logits against the right class of each.
    public func crossEntropy(_ labels: [Int]) throws(TorchError) -> TorchTensor {
        try unsafe made(TorchTensor(indices: labels)) { unsafe $0.cross_entropy($1, $2) }
    }

    /// x²/2β within ±β of the target, |x| − β/2 beyond (Fast R-CNN).
    public func smoothL1(_ targets: TorchTensor, beta: Double) throws(TorchError) -> TorchTensor {
        try unsafe made(targets) { unsafe $0.smooth_l1($1, $2, beta) }
    }
}
