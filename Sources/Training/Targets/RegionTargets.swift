public import Configuration
internal import Datasets
public import Scene
public import ThunderNet

/// What the second stage is to say of the regions of one picture.
public struct RegionTargets: Hashable, Sendable {
    /// The regions, those with an object first.
    public var regions: [Box]
    /// Class of each; the number of classes stands for background.
    public var classes: [Int]
    /// How many have an object.
    public var positiveCount: Int
    /// Box deltas of those with an object.
    public var deltas: [SIMD4<Float>]
    /// Overlap of each with the object it shares most with.
    public var overlaps: [Float]
    /// Classes whose scores take no part in the loss here, for nobody annotated them in this picture.
    public var unlabelled: [Int]

    /// Chooses regions and encodes their objects.
    ///
    /// A region without an object of which more than half lies in an ignored one is left out.
    ///
    /// - Parameters:
    ///   - proposals: Regions of the first stage, in pixels of the input.
    ///   - plan: The picture.
    ///   - classCount: Number of classes, background not counted.
    ///   - rule: How regions are chosen.
    ///   - code: How boxes are told relative to regions.
    ///   - random: Numbers of the purpose ``RandomPurpose/regions``.
    public init(
        proposals: [Box], of plan: PicturePlan, classCount: Int, rule: RegionRule, code: BoxCoder,
        random: inout RandomStream
    ) {
        let objects = plan.annotations.filter { !$0.isIgnored && $0.classIndex != nil }
        let ignored = plan.annotations.filter(\.isIgnored).map(\.box)
        let candidates = proposals + (rule.addsObjects ? objects.map(\.box) : [])
        var positives: [Match] = []
        var negatives: [Match] = []
        for box in candidates where box.width > 0 && box.height > 0 {
            let match = Match(box, objects)
            if match.overlap >= rule.positive {
                positives.append(match)
            } else if match.overlap >= rule.leastBackground,
                !ignored.contains(where: { box.share(coveredBy: $0) > 0.5 })
            {
                negatives.append(match)
            }
        }
        if let count = rule.count {
            positives = random.chosen(Int(Double(count) * rule.positiveShare), of: positives)
            negatives = random.chosen(count - positives.count, of: negatives)
        }
        let all = positives + negatives
        regions = all.map(\.region)
        overlaps = all.map(\.overlap)
        positiveCount = positives.count
        classes =
            positives.map { objects[$0.object].classIndex ?? classCount }
            + negatives.map { _ in classCount }
        deltas = positives.map { code.encode(objects[$0.object].box, relativeTo: $0.region) }
        unlabelled = plan.unlabelled
    }

    /// A region and the object it shares most with.
    private struct Match {
        var region: Box
        var object = 0
        var overlap: Float = 0

        init(_ region: Box, _ objects: [Annotation]) {
            self.region = region
            for (index, object) in objects.enumerated() {
                let shared = region.overlap(object.box)
                if shared > overlap { (self.object, overlap) = (index, shared) }
            }
        }
    }
}
