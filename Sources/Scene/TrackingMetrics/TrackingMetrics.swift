/// Accuracy of a tracker on a sequence: CLEAR MOT, identity and HOTA metrics.
///
/// Results equal those of `trackeval`. To evaluate several sequences as one, concatenate their frames and make
/// identities distinct between sequences.
public struct TrackingMetrics: Hashable, Sendable {
    /// CLEAR MOT metrics at overlap 0.5.
    public var clear: ClearMetrics
    /// Identity metrics at overlap 0.5.
    public var identity: IdentityMetrics
    /// HOTA and its components, means over overlaps 0.05 to 0.95.
    public var higherOrder: HigherOrderMetrics

    /// Evaluates a sequence of frames in chronological order.
    public init(frames: [TrackingFrame]) {
        let sequence = PairedSequence(frames)
        clear = ClearMetrics(sequence)
        identity = IdentityMetrics(sequence)
        higherOrder = HigherOrderMetrics(sequence)
    }

    /// Multiple object tracking accuracy: 1 at best, below 0 where errors outnumber objects.
    public var mota: Double { clear.accuracy }
    /// Mean overlap of matches, 0 to 1.
    public var motp: Double { clear.precision }
    /// Harmonic mean of identity precision and recall, 0 to 1.
    public var idf1: Double { identity.f1 }
    /// Higher order tracking accuracy, 0 to 1.
    public var hota: Double { higherOrder.accuracy }
}
