internal import CTorch
internal import Configuration
internal import Tensors

extension DepthwiseMethod {
    var code: ct_depthwise {
        switch self {
        case .native: ct_depthwise_native
        case .fast: ct_depthwise_fast
        case .perChannel: ct_depthwise_per_channel
        case .diagonalwise: ct_depthwise_diagonal
        }
    }
}

/// Parameters of a batch normalization.
struct TorchNorm {
    var scale: TorchTensor
    var shift: TorchTensor
    var mean: TorchTensor
    var variance: TorchTensor
    var epsilon: Float
    /// True when the batch's statistics are used and update the stored ones.
    var isLive: Bool

    /// Weight of a batch's statistics in the update of the stored ones.
    static let momentum = 0.1
}

/// A convolution with an optional fused normalization and ReLU.
struct TorchConvolution {
    var weight: TorchTensor
    var bias: TorchTensor?
    var norm: TorchNorm?
    var numbers: Convolution
    var depthwise: DepthwiseMethod
    var isRectified: Bool
}

extension TorchTensor {
    /// Computes a convolution with normalization and ReLU; stored statistics are folded into the weight.
    func convolution(_ layer: TorchConvolution) throws(TorchError) -> TorchTensor {
        let norm = layer.norm
        let tensors = [
            self, layer.weight, layer.bias, norm?.scale, norm?.shift, norm?.mean, norm?.variance,
        ]
        let made = try unsafe Self.lendOptional(tensors) { face, handles in
            unsafe withNorm(norm, handles[3...]) { stored in
                var numbers = unsafe ct_convolution(
                    weight: handles[1], bias: handles[2], norm: stored,
                    stride: Int32(layer.numbers.stride), padding: Int32(layer.numbers.padding),
                    groups: Int32(layer.numbers.groups), depthwise: layer.depthwise.code,
                    is_rectified: layer.isRectified)
                return unsafe face.convolution(handles[0], &numbers)
            }
        }
        return try unsafe TorchTensor(made)
    }

    /// Computes a batch normalization.
    func normalized(_ norm: TorchNorm) throws(TorchError) -> TorchTensor {
        let tensors = [self, norm.scale, norm.shift, norm.mean, norm.variance]
        let made = try unsafe Self.lendOptional(tensors) { face, handles in
            unsafe withNorm(norm, handles[1...]) { unsafe face.normalize(handles[0], $0) }
        }
        return try unsafe TorchTensor(made)
    }

    /// Calls the body with a normalization's parameters, the slice's four pointers; nil without a normalization.
    private func withNorm(
        _ norm: TorchNorm?, _ handles: ArraySlice<OpaquePointer?>,
        _ call: (UnsafePointer<ct_norm>?) -> OpaquePointer?
    ) -> OpaquePointer? {
        guard let norm else { return unsafe call(nil) }
        let first = unsafe handles.startIndex
        var numbers = unsafe ct_norm(
            scale: handles[first], shift: handles[first + 1], mean: handles[first + 2],
            variance: handles[first + 3], epsilon: Double(norm.epsilon),
            momentum: TorchNorm.momentum, is_live: norm.isLive)
        return unsafe call(&numbers)
    }

    func relu() throws(TorchError) -> TorchTensor { try unsafe made { unsafe $0.relu($1) } }

    func sigmoid() throws(TorchError) -> TorchTensor { try unsafe made { unsafe $0.sigmoid($1) } }

    func maxPool(_ window: Window) throws(TorchError) -> TorchTensor {
        try unsafe made {
            unsafe $0.max_pool(
                $1, Int32(window.kernel), Int32(window.stride), Int32(window.padding))
        }
    }

    func averagePool(_ window: Window) throws(TorchError) -> TorchTensor {
        try unsafe made {
            unsafe $0.average_pool(
                $1, Int32(window.kernel), Int32(window.stride), Int32(window.padding))
        }
    }

    func globalAverage() throws(TorchError) -> TorchTensor {
        try unsafe made { unsafe $0.global_average($1) }
    }

    /// Upsamples to the size of another map (nearest neighbor).
    func upsampled(like other: TorchTensor) throws(TorchError) -> TorchTensor {
        try unsafe made(other) { unsafe $0.upsample($1, $2) }
    }

    func shuffled(groups: Int) throws(TorchError) -> TorchTensor {
        try unsafe made { unsafe $0.shuffle($1, Int32(groups)) }
    }

    /// Concatenates with a map of equal shape and shuffles two groups.
    func interleaved(with other: TorchTensor) throws(TorchError) -> TorchTensor {
        try unsafe made(other) { unsafe $0.interleave($1, $2) }
    }

    /// Splits the channels into the first ones and the rest.
    func split(at first: Int) throws(TorchError) -> (TorchTensor, TorchTensor) {
        try unsafe pair { unsafe $0.split($1, Int64(first), $3) }
    }

    /// Concatenates with a map of equal shape, shuffles two groups, and splits the result in half.
    func halves(with other: TorchTensor) throws(TorchError) -> (TorchTensor, TorchTensor) {
        try unsafe pair(other) { unsafe $0.halves($1, $2, $3) }
    }

    /// Fully connected layer over rows, or at every position of a map.
    func dense(weight: TorchTensor, bias: TorchTensor) throws(TorchError) -> TorchTensor {
        let made = try unsafe Self.lend([self, weight, bias]) { face, handles, _ in
            unsafe face.dense(handles[0], handles[1], handles[2])
        }
        return try unsafe TorchTensor(made)
    }

    /// Pools regions `[images, regions, 4]` of a map to `[images · regions, channels]`.
    func pooled(_ regions: TorchTensor, _ pool: RegionPool) throws(TorchError) -> TorchTensor {
        var numbers = ct_region_pool(
            bins: Int32(pool.bins), depth: Int32(pool.depth), samples: Int32(pool.samples),
            stride: Int32(pool.stride), is_aligned: pool.isAligned,
            is_maximum: pool.reduction == .maximum)
        return try unsafe made(regions) { unsafe $0.region_pool($1, $2, &numbers) }
    }
}
