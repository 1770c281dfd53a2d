internal import Configuration
internal import Scene
internal import ThunderNet

/// Target boxes and the reference boxes of their encoding, row by row.
struct BoxPairs {
    var bases: [Box] = []
    var targets: [Box] = []

    var count: Int { bases.count }
}

extension LossOptions.BoxLoss {
    /// Computes one loss per row of deltas `[rows, 4]`.
    func callAsFunction(
        _ deltas: TorchTensor, _ pairs: BoxPairs, _ code: BoxCoder, beta: Double
    ) throws(TorchError) -> TorchTensor {
        switch self {
        case .smoothL1:
            let targets = zip(pairs.bases, pairs.targets).flatMap { base, target in
                let deltas = code.encode(target, relativeTo: base)
                return [deltas.x, deltas.y, deltas.z, deltas.w]
            }
            return try deltas.smoothL1(
                TorchTensor(targets, [pairs.count, 4]).cast(to: deltas.type), beta: beta
            ).sumOfLast()
        case .giou:
            let found = try PredictedBoxes(deltas, pairs.bases, code)
            return try found.generalizedIoU(pairs.targets).times(-1, plus: 1)
        }
    }
}

/// Corners of decoded boxes, each `[rows]`, differentiable.
struct PredictedBoxes {
    private let left, top, right, bottom: TorchTensor

    /// Decodes deltas like `BoxCoder`.
    init(_ deltas: TorchTensor, _ bases: [Box], _ code: BoxCoder) throws(TorchError) {
        func column(_ index: Int) throws(TorchError) -> TorchTensor {
            try deltas.narrowed(1, index..<index + 1).reshaped([-1])
        }
        func number(_ value: (Box) -> Float) throws(TorchError) -> TorchTensor {
            try TorchTensor(bases.map(value), [bases.count]).cast(to: deltas.type)
        }
        let limit = Double(code.limit)
        func side(_ index: Int, _ length: TorchTensor) throws(TorchError) -> TorchTensor {
            try column(index).times(Double(code.deviations[index])).clamped(-limit...limit)
                .exponential().multiplied(by: length)
        }
        func middle(
            _ index: Int, _ length: TorchTensor, _ center: TorchTensor
        ) throws(TorchError) -> TorchTensor {
            try column(index).times(Double(code.deviations[index])).multiplied(by: length)
                .adding(center)
        }
        let (width, height) = (try number(\.width), try number(\.height))
        let (x, y) = (
            try middle(0, width, number(\.centerX)), try middle(1, height, number(\.centerY))
        )
        let (halfWidth, halfHeight) = (
            try side(2, width).times(0.5), try side(3, height).times(0.5)
        )
        left = try x.subtracting(halfWidth)
        right = try x.adding(halfWidth)
        top = try y.subtracting(halfHeight)
        bottom = try y.adding(halfHeight)
    }

    /// Generalized IoU per row, −1 to 1 (Rezatofighi et al., 2019).
    func generalizedIoU(_ targets: [Box]) throws(TorchError) -> TorchTensor {
        func number(_ value: (Box) -> Float) throws(TorchError) -> TorchTensor {
            try TorchTensor(targets.map(value), [targets.count]).cast(to: left.type)
        }
        let (l, t, r, b) = (
            try number(\.x), try number(\.y), try number(\.right), try number(\.bottom)
        )
        func extent(_ low: TorchTensor, _ high: TorchTensor) throws(TorchError) -> TorchTensor {
            try high.subtracting(low).clamped(0...Double(Float.greatestFiniteMagnitude))
        }
        let common = try extent(left.maximum(l), right.minimum(r))
            .multiplied(by: extent(top.maximum(t), bottom.minimum(b)))
        let own = try right.subtracting(left).multiplied(by: bottom.subtracting(top))
        let union = try own.adding(number(\.area)).subtracting(common).times(1, plus: 1e-7)
        let hull = try extent(left.minimum(l), right.maximum(r))
            .multiplied(by: extent(top.minimum(t), bottom.maximum(b))).times(1, plus: 1e-7)
        let bare = try hull.subtracting(union).divided(by: hull)
        return try common.divided(by: union).subtracting(bare)
    }
}
