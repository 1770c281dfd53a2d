public import Datasets
public import Scene

/// What each anchor is to learn.
public struct AnchorAssignment: Hashable, Sendable {
    /// Marks an anchor that is to say "nothing".
    public static let background: Int32 = -1
    /// Marks an anchor that learns nothing.
    public static let ignored: Int32 = -2

    /// For each anchor the index of its object, or one of the two marks.
    public var matches: [Int32]
    /// For each anchor the greatest intersection over union with an object that is not ignored.
    public var overlaps: [Float]

    /// All anchors background.
    public init(count: Int) {
        matches = [Int32](repeating: Self.background, count: count)
        overlaps = [Float](repeating: 0, count: count)
    }

    /// Anchors that have an object, ascending.
    public var positives: [Int] { matches.indices.filter { matches[$0] >= 0 } }
    /// Anchors that are to say "nothing", ascending.
    public var negatives: [Int] { matches.indices.filter { matches[$0] == Self.background } }

    /// Ignores the background anchors of which more than half lies in an ignored region.
    mutating func ignore(_ annotations: [Annotation], _ grid: AnchorGrid) {
        for annotation in annotations where annotation.isIgnored {
            grid.forEachOverlap(annotation.box) { anchor, _ in
                if matches[anchor] == Self.background
                    && grid.boxes[anchor].share(coveredBy: annotation.box) > 0.5
                {
                    matches[anchor] = Self.ignored
                }
            }
        }
    }

    /// Ignores background anchors that the network itself takes for objects: in a picture some of whose classes
    /// nobody annotated they may be right.
    ///
    /// - Parameters:
    ///   - logits: Objectness of each anchor before the logistic function.
    ///   - limit: Anchors above it are ignored.
    public mutating func ignoreSuspects(_ logits: [Float], above limit: Float = -1) {
        for anchor in matches.indices
        where matches[anchor] == Self.background && logits[anchor] > limit {
            matches[anchor] = Self.ignored
        }
    }
}

/// What the network says at present of each anchor.
public struct AnchorPredictions: Sendable {
    /// Decoded boxes in pixels of the input.
    public var boxes: [Box]
    /// Objectness before the logistic function.
    public var logits: [Float]

    /// Predictions by their parts, one of each an anchor.
    public init(boxes: [Box], logits: [Float]) {
        precondition(boxes.count == logits.count, "one of each an anchor")
        self.boxes = boxes
        self.logits = logits
    }
}

/// Gives anchors their objects.
public protocol AnchorAssigner: Sendable {
    /// True for those that look at what the network says.
    var needsPredictions: Bool { get }

    /// Assigns the objects of one picture, in pixels of the input; those to be ignored get no anchor.
    func assign(
        _ annotations: [Annotation], to grid: AnchorGrid, _ predictions: AnchorPredictions?
    ) -> AnchorAssignment
}
