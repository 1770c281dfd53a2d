/// Targets of a training step and the samples whose loss counts.
public struct TargetOptions: Hashable, Sendable, Codable {
    /// Assignment of objects to anchors.
    public enum Assignment: String, Hashable, Sendable, CaseIterable, Codable {
        /// IoU thresholds (Faster R-CNN).
        case overlap = "iou"
        /// ATSS.
        case adaptive = "atss"
        /// SimOTA.
        case transport = "simota"
    }

    /// Selection of the regions whose loss counts.
    public enum Mining: String, Hashable, Sendable, CaseIterable, Codable {
        /// Random sampling.
        case random
        /// Online hard example mining.
        case online = "ohem"
        /// Stratified online hard example mining.
        case stratified = "s-ohem"
    }

    /// Assignment of objects to anchors.
    public var assignment = Assignment.overlap
    /// Sampled anchors per image, at most half of them positive; nil for all.
    public var anchors: Int? = 256
    /// Anchors per image that loss rank mining keeps; nil for no mining.
    public var rankedAnchors: Int?
    /// Selection of the regions that the head sees.
    public var regions = RegionRule()
    /// Selection of the regions whose loss counts.
    public var mining = Mining.online
    /// Regions per image whose loss counts, on average over the batch.
    public var hardRegions = 96

    /// 256 anchors by IoU, 160 regions, the 96 of greatest loss.
    public init() {}
}

/// Selection of regions for the second stage.
public struct RegionRule: Hashable, Sendable, Codable {
    /// Minimum IoU of a positive region; below it a region is background.
    public var positive: Float = 0.5
    /// Minimum IoU of a background region; 0 for all.
    public var leastBackground: Float = 0
    /// Regions per image; nil for all proposals.
    public var count: Int? = 160
    /// Maximum share of positive regions.
    public var positiveShare = 0.5
    /// True to add the objects' own boxes to the regions.
    public var addsObjects = true

    /// The defaults.
    public init() {}
}
