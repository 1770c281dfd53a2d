/// One object with an identity, as it stands in one frame.
public struct TrackedObject: Hashable, Sendable {
    /// Identity: unique within a run and never used again.
    public var id: Int
    /// Index into the model's list of classes.
    public var classIndex: Int
    /// Confidence, 0 to 1; decays while the object is only predicted.
    public var score: Float
    /// Where it is, in pixels of the upright picture.
    public var box: Box
    /// True when no detection in this frame supports the box: the tracker's guess.
    public var isPredicted: Bool

    /// An object by its parts.
    public init(id: Int, classIndex: Int, score: Float, box: Box, isPredicted: Bool) {
        self.id = id
        self.classIndex = classIndex
        self.score = score
        self.box = box
        self.isPredicted = isPredicted
    }
}
