public import Datasets

/// Assignment by thresholds of intersection over union (Ren et al., "Faster R-CNN", 2015).
///
/// An anchor belongs to the object with which it shares most. It is positive from ``positive`` on, and where it is the
/// best of any anchor for some object by more than ``leastBest``; background below ``negative``; ignored in between.
public struct OverlapAssigner: AnchorAssigner {
    /// Positive from this overlap on.
    public var positive: Float = 0.7
    /// Background below this overlap.
    public var negative: Float = 0.3
    /// An object's best anchor is positive above this overlap.
    public var leastBest: Float = 0.2

    /// The usual thresholds.
    public init() {}

    /// False: boxes alone decide.
    public var needsPredictions: Bool { false }

    /// Assigns the objects of one picture.
    public func assign(
        _ annotations: [Annotation], to grid: AnchorGrid, _ predictions: AnchorPredictions?
    ) -> AnchorAssignment {
        var assignment = AnchorAssignment(count: grid.count)
        var owners = [Int32](repeating: -1, count: grid.count)
        var best: [Int] = []
        for (index, annotation) in annotations.enumerated() where !annotation.isIgnored {
            var greatest: Float = 0
            var anchors: [Int] = []
            grid.forEachOverlap(annotation.box) { anchor, overlap in
                if overlap > assignment.overlaps[anchor] {
                    assignment.overlaps[anchor] = overlap
                    owners[anchor] = Int32(index)
                }
                if overlap > greatest {
                    greatest = overlap
                    anchors = [anchor]
                } else if overlap == greatest {
                    anchors.append(anchor)
                }
            }
            best += anchors
        }
        for anchor in owners.indices {
            let overlap = assignment.overlaps[anchor]
            if overlap >= positive {
                assignment.matches[anchor] = owners[anchor]
            } else if overlap >= negative {
                assignment.matches[anchor] = AnchorAssignment.ignored
            }
        }
        for anchor in best where assignment.overlaps[anchor] > leastBest {
            assignment.matches[anchor] = owners[anchor]
        }
        assignment.ignore(annotations, grid)
        return assignment
    }
}
