public import Datasets

/// Assignment by IoU thresholds (Ren et al., "Faster R-CNN", 2015).
///
/// Each anchor is compared with the object of highest IoU. It is positive from ``positive`` on, or if it is the best
/// anchor of some object with an IoU above ``leastBest``; background below ``negative``; ignored in between.
public struct OverlapAssigner: AnchorAssigner {
    /// Minimum IoU of a positive anchor.
    public var positive: Float = 0.7
    /// IoU below which an anchor is background.
    public var negative: Float = 0.3
    /// IoU above which an object's best anchor is positive.
    public var leastBest: Float = 0.2

    /// Creates an assigner with the default thresholds.
    public init() {}

    /// False: the assignment depends on anchors only.
    public var needsPredictions: Bool { false }

    /// Assigns the objects of one image to anchors.
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
