/// How well a tracker followed objects through a sequence, by the three usual families of measures.
///
/// The rules are those of `trackeval`, whose numbers these equal. To measure several sequences as one, put
/// their frames one after the other with identities that are distinct between sequences.
public struct TrackingMetrics: Hashable, Sendable {
    /// Matches frame by frame at overlap 0.5.
    public var clear: ClearMetrics
    /// One match of identities for the whole sequence at overlap 0.5.
    public var identity: IdentityMetrics
    /// Detection and association in balance, over overlaps 0.05 to 0.95.
    public var higherOrder: HigherOrderMetrics

    /// Measures a sequence, frame by frame in the order of time.
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
