/// One object that a detector found in one frame.
public struct Detection: Hashable, Sendable {
    /// Index into the model's list of classes.
    public var classIndex: Int
    /// Confidence, 0 to 1.
    public var score: Float
    /// Bounding box, in pixels of the upright frame.
    public var box: Box

    /// Creates a detection from its parts.
    public init(classIndex: Int, score: Float, box: Box) {
        self.classIndex = classIndex
        self.score = score
        self.box = box
    }
}
