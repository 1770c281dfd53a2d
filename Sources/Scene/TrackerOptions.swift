/// How a tracker decides.
///
/// Times are seconds, lengths are shares of the box's own size. The defaults suit road scenes from a moving car and a
/// detector of moderate quality, whose scores for visible vehicles lie anywhere between 0.2 and 0.9.
public struct TrackerOptions: Hashable, Sendable {
    /// Detections from this score on are associated first and may confirm a track (0 to 1).
    public var highScore: Float = 0.3
    /// Detections from this score on may still continue a track that was just seen (0 to 1).
    public var lowScore: Float = 0.12
    /// Detections from this score on may start a track (0 to 1).
    public var startScore: Float = 0.4
    /// One detection from this score on confirms its track at once (0 to 1).
    public var instantScore: Float = 0.9
    /// A track is confirmed when the scores of its detections sum to this.
    public var confirmingScoreSum: Float = 1
    /// A track is confirmed when its first detection is this many seconds old, and its scores suffice.
    public var confirmingTime = 0.1
    /// A confirmed track is given out while the fading mean of its scores is at least this (0 to 1).
    public var shownScore: Float = 0.3
    /// Seconds in which the weight of past scores in that mean halves.
    public var trustTime = 0.3
    /// An unconfirmed track ends when it was not seen for this many seconds.
    public var tentativeTime = 0.3
    /// A confirmed track that a frame's detections missed is given out as a guess until it was last seen this
    /// many seconds ago.
    public var coastingTime = 0.5
    /// A confirmed track can be found again, with its identity, for this many seconds.
    public var memoryTime = 2.0
    /// Seconds in which the score of a predicted object halves.
    public var scoreHalfLife = 0.5
    /// A track ends when less than this share of its predicted box lies inside the picture.
    public var visibleShare: Float = 0.4

    /// Overlap (intersection over union, 0 to 1) that a pair needs in the first and third pass.
    public var highOverlap = 0.3
    /// Overlap that a pair needs in the second pass, with detections of low score.
    public var lowOverlap = 0.35
    /// Boxes are widened for comparison by the uncertainty of the track, to this share of their size at most.
    public var greatestWidening = 0.4
    /// What two classes of one group cost in overlap when they are paired.
    public var classPenalty = 0.1
    /// Weight of the agreement in direction of motion (OC-SORT uses 0.2).
    public var directionWeight = 0.2
    /// Seconds over which a direction of motion is taken.
    public var directionTime = 0.3
    /// Detections of one group that overlap a better one by more than this are the same object.
    public var duplicateOverlap: Float = 0.75

    /// Groups of classes that the detector confuses, such as car, bus and truck.
    ///
    /// A track associates with detections of its own group only. A class in no group is a group of its own;
    /// the first group that names a class counts.
    public var classGroups: [[Int]] = []
    /// Another class takes over when its evidence is greater than the present class's by this factor.
    public var classChangeFactor = 1.5
    /// Seconds in which evidence for a class fades to a third.
    public var classFading = 3.0

    /// Tracks kept at most, confirmed or not.
    public var trackLimit = 256
    /// Detections looked at in one frame at most, best score first.
    public var detectionLimit = 256
    /// How boxes move and how exactly they are seen.
    public var motion = MotionModel()

    /// The default choices.
    public init() {}
}
