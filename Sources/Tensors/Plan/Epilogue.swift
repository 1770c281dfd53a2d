/// An activation function that a layer applies before it stores its result.
enum Activation: Hashable, Sendable {
    /// The identity.
    case none
    /// max(x, 0).
    case relu
    /// 1 / (1 + e^−x).
    case sigmoid
}

/// Operations fused into the store of a GEMM: activation(bias + broadcastBias + sum + residual) · scale.
///
/// The bias is packed with the weights. Operands are values of a graph during fusion, and channel locations in a
/// lowered layer; `ck_epilogue` is the same with pointers.
struct Epilogue<Operand: Hashable & Sendable>: Hashable, Sendable {
    /// A map of one pixel, added to all pixels.
    var broadcastBias: Operand?
    /// A map added before the activation.
    var residual: Operand?
    /// True when the residual is upsampled to the plane of the result by nearest neighbour.
    var isResidualUpsampled = false
    /// The activation function.
    var activation = Activation.none
    /// A map that multiplies the activated result.
    var scale: Operand?

    /// The maps that the epilogue reads.
    var operands: [Operand] { [residual, broadcastBias, scale].compactMap(\.self) }

    /// The same epilogue with other operands; the residual is transformed first, the scale last.
    func map<Other>(_ transform: (Operand) -> Other) -> Epilogue<Other> {
        var result = Epilogue<Other>(
            isResidualUpsampled: isResidualUpsampled, activation: activation)
        result.residual = residual.map(transform)
        result.broadcastBias = broadcastBias.map(transform)
        result.scale = scale.map(transform)
        return result
    }
}
