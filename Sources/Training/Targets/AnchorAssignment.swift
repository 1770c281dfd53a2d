public import Datasets
public import Scene

/// Assignment of objects to anchors.
public struct AnchorAssignment: Hashable, Sendable {
    /// Marks a background anchor.
    public static let background: Int32 = -1
    /// Marks an anchor that does not take part in the loss.
    public static let ignored: Int32 = -2

    /// Index of each anchor's object, or ``background`` or ``ignored``.
    public var matches: [Int32]
    /// Maximum IoU of each anchor with an object that is not ignored.
    public var overlaps: [Float]

    /// Creates an assignment with background anchors only.
    public init(count: Int) {
        matches = [Int32](repeating: Self.background, count: count)
        overlaps = [Float](repeating: 0, count: count)
    }

    /// Anchors with an object, ascending.
    public var positives: [Int] { matches.indices.filter { matches[$0] >= 0 } }
    /// Background anchors, ascending.
    public var negatives: [Int] { matches.indices.filter { matches[$0] == Self.background } }

    /// Ignores background anchors with more than half of their area in an ignored region.
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

    /// Ignores background anchors that the network scores as objects: in an image with unlabelled classes they may be
    /// correct.
    ///
    /// - Parameters:
    ///   - logits: Objectness logit of each anchor.
    ///   - limit: Logit above which background anchors are ignored.
    public mutating func ignoreSuspects(_ logits: [Float], above limit: Float = -1) {
        for anchor in matches.indices
        where matches[anchor] == Self.background && logits[anchor] > limit {
            matches[anchor] = Self.ignored
        }
    }
}

/// Current predictions of the network for the anchors of one image.
public struct AnchorPredictions: Sendable {
    /// Decoded boxes in pixels of the input.
    public var boxes: [Box]
    /// Objectness logits.
    public var logits: [Float]

    /// Creates predictions from their parts, one box and logit per anchor.
    public init(boxes: [Box], logits: [Float]) {
        precondition(boxes.count == logits.count, "one box and logit per anchor")
        self.boxes = boxes
        self.logits = logits
    }
}

/// Rule that assigns objects to anchors.
public protocol AnchorAssigner: Sendable {
    /// True when the rule uses the network's predictions.
    var needsPredictions: Bool { get }

    /// Assigns the objects of one image, in pixels of the input; ignored ones get no anchor.
    func assign(
        _ annotations: [Annotation], to grid: AnchorGrid, _ predictions: AnchorPredictions?
    ) -> AnchorAssignment
}
