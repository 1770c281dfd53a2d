internal import Scene

extension AnchorTargets {
    /// Creates targets from their parts.
    init(
        anchors: [Int], objectness: [Float], positiveCount: Int, deltas: [SIMD4<Float>],
        boxes: [Box]
    ) {
        self.anchors = anchors
        self.objectness = objectness
        self.positiveCount = positiveCount
        self.deltas = deltas
        self.boxes = boxes
    }
}

extension RegionTargets {
    /// Creates targets from their parts, those with an object first; IoUs are unknown.
    init(
        regions: [Box], classes: [Int], positiveCount: Int, deltas: [SIMD4<Float>],
        unlabelled: [Int]
    ) {
        self.regions = regions
        self.classes = classes
        self.positiveCount = positiveCount
        self.deltas = deltas
        self.unlabelled = unlabelled
        overlaps = []
    }
}
