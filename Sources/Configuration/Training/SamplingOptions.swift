/// Sampling of images within an epoch.
public struct SamplingOptions: Hashable, Sendable, Codable {
    /// Share of images below which a class counts as rare: repeat-factor sampling (Gupta et al., "LVIS", 2019);
    /// 0 draws all images alike.
    public var rareShare = 0.2
    /// Maximum repeat factor of an image.
    public var repeatLimit = 3.0
    /// Repeat factor of images without objects.
    public var emptyFactor = 0.5

    /// The defaults.
    public init() {}
}
