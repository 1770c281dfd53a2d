/// One object that a detector claims to see in one frame.
public struct Detection: Hashable, Sendable {
    /// Index into the model's list of classes.
    public var classIndex: Int
    /// Confidence, 0 to 1.
    public var score: Float
    /// Where it is, in pixels of the upright picture.
    public var box: Box

    /// A claim by its parts.
    public init(classIndex: Int, score: Float, box: Box) {
        self.classIndex = classIndex
        self.score = score
        self.box = box
    }
}
