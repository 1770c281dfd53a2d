/// Thresholds, times and limits of a tracker.
///
/// Times are seconds; lengths are fractions of the box's own size. The defaults suit road scenes from a moving car
/// and a detector of moderate quality that scores visible vehicles between 0.2 and 0.9.
public struct TrackerOptions: Hashable, Sendable {
    /// Minimum score for the first association pass and for confirming a track, 0 to 1.
    public var highScore: Float = 0.3
    /// Minimum score for continuing a track that was matched in the previous frame, 0 to 1.
    public var lowScore: Float = 0.12
    /// Minimum score for starting a track, 0 to 1.
    public var startScore: Float = 0.4
    /// Score at which a single detection confirms its track, 0 to 1.
    public var instantScore: Float = 0.9
    /// Sum of detection scores that confirms a track, together with `confirmingTime`.
    public var confirmingScoreSum: Float = 1
    /// Age of the first detection, in seconds, that confirms a track, together with `confirmingScoreSum`.
    public var confirmingTime = 0.1
    /// Minimum moving average of the scores for publishing a confirmed track, 0 to 1.
    public var shownScore: Float = 0.3
    /// Half-life of past scores in that average, in seconds.
    public var meanScoreHalfLife = 0.3
    /// Seconds without a detection after which a tentative track ends.
    public var tentativeTime = 0.3
    /// Seconds for which a missed confirmed track is published as a prediction.
    public var coastingTime = 0.5
    /// Seconds for which a lost confirmed track can be recovered with its identity.
    public var memoryTime = 2.0
    /// Half-life of the score of a predicted object, in seconds.
    public var scoreHalfLife = 0.5
    /// Minimum fraction of the predicted box inside the frame, 0 to 1; below it the track ends.
    public var visibleShare: Float = 0.4

    /// Minimum overlap (intersection over union, 0 to 1) of a pair in passes with detections of high score.
    public var highOverlap = 0.3
    /// Minimum overlap of a pair in the second pass, with detections of low score.
    public var lowOverlap = 0.35
    /// Upper bound on the widening of compared boxes by the track's uncertainty, as a fraction of their size.
    public var maximumWidening = 0.4
    /// Penalty in overlap for pairing two different classes of one group.
    public var classPenalty = 0.1
    /// Weight of the agreement in direction of motion (0.2 in OC-SORT).
    public var directionWeight = 0.2
    /// Seconds over which the direction of motion is measured.
    public var directionTime = 0.3
    /// Overlap above which two detections of one group are the same object, 0 to 1.
    public var duplicateOverlap: Float = 0.75

    /// Groups of classes that the detector confuses, such as car, bus and truck.
    ///
    /// A track is matched only with detections of its own group. A class in no group forms its own group; a class
    /// in several groups belongs to the first.
    public var classGroups: [[Int]] = []
    /// Factor by which another class's evidence must exceed that of the current class to replace it.
    public var classChangeFactor = 1.5
    /// Seconds in which the evidence for a class decays to 1/e.
    public var classTimeConstant = 3.0

    /// Maximum number of tracks, confirmed or tentative.
    public var trackLimit = 256
    /// Maximum number of detections used per frame, best score first.
    public var detectionLimit = 256
    /// Motion and measurement noise of boxes.
    public var motion = MotionModel()

    /// Creates the default options.
    public init() {}
}
