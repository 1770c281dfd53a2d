/// Random changes of training images; probabilities are 0 to 1.
public struct AugmentationOptions: Hashable, Sendable, Codable {
    /// Probability of a horizontal flip.
    public var flip = 0.5
    /// Probability of placing the image on a larger canvas of the mean color (SSD, 2016).
    public var expand = 0.2
    /// Largest side of the canvas relative to the image's.
    public var expandLimit: Float = 1.6
    /// Probability of a crop, for images that are not expanded.
    public var crop = 0.7
    /// Minimum IoU of a crop with the objects whose centers it keeps; one value is drawn per crop (SSD, 2016).
    public var cropOverlaps: [Float] = [0, 0.05, 0.15, 0.25, 0.35]
    /// Minimum side of a crop relative to the image's.
    public var cropSide: Float = 0.3
    /// Probability of a mosaic of four images.
    public var mosaic = 0.35
    /// Share of the run after which no more mosaics are made, 0 to 1.
    public var mosaicEnd = 0.85
    /// Range of the point where the four images meet, relative to the input's sides.
    public var mosaicCenter: ClosedRange<Float> = 0.4...0.6
    /// Range of the visible part of each of the four, relative to its image's sides.
    public var mosaicPart: ClosedRange<Float> = 0.35...0.8
    /// Minimum side of an object in pixels of the input; smaller ones are dropped.
    public var leastSide: Float = 3
    /// Minimum visible share of an object whose center was cropped away to be ignored; below it the object is dropped.
    public var ignoredShare: Float = 0.25
    /// Probability of pasting objects of ``pastedClasses`` from other images.
    public var paste = 0.0
    /// Maximum number of pasted objects per image.
    public var pasteLimit = 2
    /// Indices of the classes whose objects are pasted.
    public var pastedClasses: Set<Int> = []
    /// Changes of colors.
    public var color = ColorOptions()

    /// The default changes.
    public init() {}

    /// No change at all.
    public static let none: AugmentationOptions = {
        var options = AugmentationOptions()
        (options.flip, options.expand, options.crop, options.mosaic) = (0, 0, 0, 0)
        options.color = .none
        return options
    }()
}

/// Random changes of colors, each with its probability.
public struct ColorOptions: Hashable, Sendable, Codable {
    /// Maximum change of brightness, of 255.
    public var brightness: Float = 32
    /// Range of the factor on all channels.
    public var contrast: ClosedRange<Float> = 0.6...1.4
    /// Range of the factor on the distance from gray.
    public var saturation: ClosedRange<Float> = 0.5...1.5
    /// Maximum rotation of hues in degrees.
    public var hue: Float = 0
    /// Range of the factors on single channels.
    public var gain: ClosedRange<Float> = 0.88...1.12
    /// Probability of each change of brightness, contrast, saturation and hue.
    public var probability = 0.5
    /// Probability of a change of single channels.
    public var gainProbability = 0.3
    /// Probability of a gray image.
    public var grayProbability = 0.04

    /// The default changes.
    public init() {}

    /// No change.
    public static let none: ColorOptions = {
        var options = ColorOptions()
        (options.probability, options.gainProbability, options.grayProbability) = (0, 0, 0)
        return options
    }()
}
