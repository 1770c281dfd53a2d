/// How pictures are changed in training; probabilities are 0 to 1.
public struct AugmentationOptions: Hashable, Sendable, Codable {
    /// Probability that left and right are exchanged.
    public var flip = 0.5
    /// Probability that the picture is shown smaller, among surroundings of the mean colour.
    public var expand = 0.2
    /// Greatest size of the surroundings relative to the picture.
    public var expandLimit: Float = 1.6
    /// Probability of a crop where the picture is not expanded.
    public var crop = 0.7
    /// Least intersection over union of a crop with the objects whose centres it keeps; one is drawn (SSD, 2016).
    public var cropOverlaps: [Float] = [0, 0.05, 0.15, 0.25, 0.35]
    /// Least side of a crop relative to the picture's.
    public var cropSide: Float = 0.3
    /// Probability that four pictures are joined.
    public var mosaic = 0.35
    /// Share of the run after which no pictures are joined any more.
    public var mosaicEnd = 0.85
    /// Where the four meet, relative to the input's sides.
    public var mosaicCenter: ClosedRange<Float> = 0.4...0.6
    /// Side of what each of the four shows, relative to its picture's.
    public var mosaicPart: ClosedRange<Float> = 0.35...0.8
    /// Objects with a shorter side than this, in pixels of the input, are left out.
    public var leastSide: Float = 3
    /// An object whose centre is cut off is ignored where at least this share of it is still seen, and left out else.
    public var ignoredShare: Float = 0.25
    /// Probability that objects of ``pastedClasses`` are added.
    public var paste = 0.0
    /// Most objects that are added to a picture.
    public var pasteLimit = 2
    /// Classes of which objects are added.
    public var pastedClasses: Set<Int> = []
    /// Changes of colours.
    public var color = ColorOptions()

    /// The usual changes.
    public init() {}

    /// No change at all.
    public static let none: AugmentationOptions = {
        var options = AugmentationOptions()
        (options.flip, options.expand, options.crop, options.mosaic) = (0, 0, 0, 0)
        options.color = .none
        return options
    }()
}
