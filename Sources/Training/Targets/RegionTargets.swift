public import Configuration
internal import Datasets
public import Scene
public import ThunderNet

/// Targets of the second stage for one image's sampled regions.
public struct RegionTargets: Hashable, Sendable {
    /// Sampled regions in pixels of the input, those with an object first.
    public var regions: [Box]
    /// Class index of each region; the number of classes means background.
    public var classes: [Int]
    /// Number of regions with an object.
    public var positiveCount: Int
    /// Box deltas of the regions with an object.
    public var deltas: [SIMD4<Float>]
    /// Maximum IoU of each region with an object.
    public var overlaps: [Float]
    /// Classes that are unlabelled in this image; their scores do not take part in the loss.
    public var unlabelled: [Int]

    /// Samples regions and encodes their objects.
    ///
    /// A region without an object is dropped if more than half of its area is in an ignored region.
    ///
    /// - Parameters:
    ///   - proposals: Proposals of the first stage, in pixels of the input.
    ///   - plan: Plan of the image.
    ///   - classCount: Number of classes without background.
    ///   - rule: Sampling of regions.
    ///   - code: Box encoding relative to regions.
    ///   - random: Random numbers of the purpose ``RandomPurpose/regions``.
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

    /// A region and the object of highest IoU.
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
