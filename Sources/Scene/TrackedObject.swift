/// One object with an identity in one frame.
public struct TrackedObject: Hashable, Sendable {
    /// Identity: unique within a run, never reused.
    public var id: Int
    /// Index into the model's list of classes.
    public var classIndex: Int
    /// Confidence, 0 to 1; decays while the object is predicted.
    public var score: Float
    /// Bounding box, in pixels of the upright frame, clipped to the frame.
    public var box: Box
    /// Bounding box before clipping: it may extend beyond the frame.
    public var fullBox: Box
    /// True when the box is the tracker's prediction, without a detection in this frame.
    public var isPredicted: Bool
    /// Zones that hold the object, one bit for each index; 0 where there are none.
    public var zones: UInt64 = 0
    /// True when the object stands still, where zones or lines are watched.
    public var isStanding = false

    /// Creates an object from its parts; the box before clipping is `box` where none is given.
    public init(
        id: Int, classIndex: Int, score: Float, box: Box, isPredicted: Bool, fullBox: Box? = nil
    ) {
        self.id = id
        self.classIndex = classIndex
        self.score = score
        self.box = box
        self.isPredicted = isPredicted
        self.fullBox = fullBox ?? box
    }
}
