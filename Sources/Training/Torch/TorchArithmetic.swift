internal import CTorch

/// Shape and indexing operations.
extension TorchTensor {
    /// Reshapes; one dimension may be −1 and is then inferred.
    public func reshaped(_ dims: [Int]) throws(TorchError) -> TorchTensor {
        try unsafe made { unsafe $0.reshape($1, dims.map(Int64.init), Int32(dims.count)) }
    }

    /// Permutes the dimensions.
    public func permuted(_ order: [Int]) throws(TorchError) -> TorchTensor {
        try unsafe made { unsafe $0.permute($1, order.map(Int64.init), Int32(order.count)) }
    }

    /// Slices one dimension.
    public func narrowed(_ dimension: Int, _ range: Range<Int>) throws(TorchError) -> TorchTensor {
        try unsafe made {
            unsafe $0.narrow($1, Int32(dimension), Int64(range.lowerBound), Int64(range.count))
        }
    }

    /// Gathers rows of the first dimension; indices may repeat.
    public func rows(_ indices: [Int]) throws(TorchError) -> TorchTensor {
        try unsafe made(TorchTensor(indices: indices)) { unsafe $0.select($1, $2) }
    }

    /// Concatenates tensors along a dimension.
    public static func concatenated(
        _ tensors: [TorchTensor], along dimension: Int
    ) throws(TorchError) -> TorchTensor {
        try unsafe TorchTensor(
            lend(tensors) { unsafe $0.concatenate($1, $2, Int32(dimension)) })
    }
}

/// Elementwise arithmetic with libtorch's broadcasting.
extension TorchTensor {
    /// Adds two tensors.
    public func adding(_ other: TorchTensor) throws(TorchError) -> TorchTensor {
        try unsafe made(other) { unsafe $0.add($1, $2) }
    }

    /// Subtracts a tensor.
    public func subtracting(_ other: TorchTensor) throws(TorchError) -> TorchTensor {
        try adding(other.times(-1))
    }

    /// Multiplies two tensors.
    public func multiplied(by other: TorchTensor) throws(TorchError) -> TorchTensor {
        try unsafe made(other) { unsafe $0.multiply($1, $2) }
    }

    /// Divides by a tensor.
    public func divided(by other: TorchTensor) throws(TorchError) -> TorchTensor {
        try unsafe made(other) { unsafe $0.divide($1, $2) }
    }

    /// Elementwise minimum.
    public func minimum(_ other: TorchTensor) throws(TorchError) -> TorchTensor {
        try unsafe made(other) { unsafe $0.minimum($1, $2) }
    }

    /// Elementwise maximum.
    public func maximum(_ other: TorchTensor) throws(TorchError) -> TorchTensor {
        try unsafe made(other) { unsafe $0.maximum($1, $2) }
    }

    /// Elementwise exponential function.
    public func exponential() throws(TorchError) -> TorchTensor {
        try unsafe made { unsafe $0.exponential($1) }
    }

    /// Clamps to a range.
    public func clamped(_ range: ClosedRange<Double>) throws(TorchError) -> TorchTensor {
        try unsafe made { unsafe $0.clamp($1, range.lowerBound, range.upperBound) }
    }

    /// Multiplies by a factor and adds an offset.
    public func times(_ factor: Double, plus offset: Double = 0) throws(TorchError) -> TorchTensor {
        try unsafe made { unsafe $0.affine($1, factor, offset) }
    }

    /// Sum of all elements as a scalar tensor.
    public func sum() throws(TorchError) -> TorchTensor { try unsafe made { unsafe $0.sum($1) } }

    /// Sums over the last dimension.
    public func sumOfLast() throws(TorchError) -> TorchTensor {
        try unsafe made { unsafe $0.sum_last($1) }
    }

    /// Weighted sum of all elements as a scalar tensor.
    public func weightedSum(_ weights: [Float]) throws(TorchError) -> TorchTensor {
        try multiplied(by: TorchTensor(weights, dims)).sum()
    }
}

/// Losses, one value per element or row.
extension TorchTensor {
    /// Binary cross-entropy of logits with targets from 0 to 1.
    public func binaryCrossEntropy(_ targets: TorchTensor) throws(TorchError) -> TorchTensor {
        try unsafe made(targets) { unsafe $0.binary_cross_entropy($1, $2) }
    }

    /// Cross-entropy of rows of logits with their labels.
    public func crossEntropy(_ labels: [Int]) throws(TorchError) -> TorchTensor {
        try unsafe made(TorchTensor(indices: labels)) { unsafe $0.cross_entropy($1, $2) }
    }

    /// Cross-entropy of rows of logits with rows of target probabilities.
    public func crossEntropy(with targets: TorchTensor) throws(TorchError) -> TorchTensor {
        try unsafe made(targets) { unsafe $0.cross_entropy($1, $2) }
    }

    /// Smooth L1 loss: x²/2β within ±β of the target,
    /// x
    ///  − β/2 beyond (Girshick, Fast R-CNN, 2015).
    public func smoothL1(_ targets: TorchTensor, beta: Double) throws(TorchError) -> TorchTensor {
        try unsafe made(targets) { unsafe $0.smooth_l1($1, $2, beta) }
    }
}
