public import Datasets
public import Scene

/// A rectangle in whole pixels.
public struct PixelArea: Hashable, Sendable {
    /// Left column.
    public var left: Int
    /// Top row.
    public var top: Int
    /// Width in columns.
    public var width: Int
    /// Height in rows.
    public var height: Int

    /// Creates a rectangle from its top left corner and size.
    public init(left: Int, top: Int, width: Int, height: Int) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }

    /// Creates the rectangle of a whole image.
    public init(_ extent: PictureExtent) {
        self.init(left: 0, top: 0, width: extent.width, height: extent.height)
    }

    /// The rectangle as a box.
    public var box: Box {
        Box(x: Float(left), y: Float(top), width: Float(width), height: Float(height))
    }
}

/// A part of a stored image and its position in an input.
///
/// Each pixel center of `target` maps to the corresponding point of `source` and is interpolated bilinearly, in the
/// stored image or in a copy of half, a quarter or an eighth of its size (``level``), each pixel of which is the
/// rounded mean of four. Points outside the image have the color ``PicturePlan/fill``.
public struct PicturePatch: Hashable, Sendable {
    /// Index into the store.
    public var picture: Int
    /// Visible part in pixels of the stored image; it may extend beyond the image.
    public var source: Box
    /// Position in pixels of the input.
    public var target: PixelArea
    /// True when the patch is mirrored horizontally.
    public var isFlipped = false
    /// Width of the border in pixels that is blended with the patches below.
    public var feather = 0

    /// Creates a patch from its parts.
    public init(
        picture: Int, source: Box, target: PixelArea, isFlipped: Bool = false, feather: Int = 0
    ) {
        self.picture = picture
        self.source = source
        self.target = target
        self.isFlipped = isFlipped
        self.feather = feather
    }

    /// Number of times the image is halved before interpolation: 1 for a reduction above 1.5, 2 above 3, 3 above 6.
    ///
    /// Inference averages above the same reduction of 1.5.
    public var level: Int {
        let shrink = max(
            source.width / Float(target.width), source.height / Float(target.height))
        return shrink > 6 ? 3 : shrink > 3 ? 2 : shrink > 1.5 ? 1 : 0
    }

    /// Mapping from the input to the stored image: x' = a·x + b, y' = c·y + d, as (a, b, c, d).
    public var transform: SIMD4<Float> {
        let horizontal = source.width / Float(target.width)
        let vertical = source.height / Float(target.height)
        let (left, top) = (Float(target.left), Float(target.top))
        return isFlipped
            ? SIMD4(
                -horizontal, source.right + left * horizontal, vertical, source.y - top * vertical)
            : SIMD4(horizontal, source.x - left * horizontal, vertical, source.y - top * vertical)
    }

    /// Maps a box from the stored image to the input; the result may extend beyond the patch.
    public func placed(_ box: Box) -> Box {
        let horizontal = Float(target.width) / source.width
        let vertical = Float(target.height) / source.height
        let offset = isFlipped ? source.right - box.right : box.x - source.x
        return Box(
            x: Float(target.left) + offset * horizontal,
            y: Float(target.top) + (box.y - source.y) * vertical, width: box.width * horizontal,
            height: box.height * vertical)
    }
}

/// Description of one network input: patches, colors and boxes.
///
/// CPU and GPU render the same pixels from it.
public struct PicturePlan: Hashable, Sendable {
    /// Background color: the channel means of ImageNet, rounded.
    public static let fill = SIMD3<UInt8>(124, 116, 104)

    /// Size of the input in pixels.
    public var extent: PictureExtent
    /// Patches; later ones cover earlier ones.
    public var patches: [PicturePatch]
    /// Color transform.
    public var color: ColorMatrix
    /// Objects and ignored regions, in pixels of the input.
    public var annotations: [Annotation]
    /// Indices of classes that may be visible but are not annotated, ascending.
    public var unlabelled: [Int]

    /// Creates an input from its parts.
    public init(
        extent: PictureExtent, patches: [PicturePatch], color: ColorMatrix = .identity,
        annotations: [Annotation] = [], unlabelled: [Int] = []
    ) {
        self.extent = extent
        self.patches = patches
        self.color = color
        self.annotations = annotations
        self.unlabelled = unlabelled
    }

    /// Creates a plan that resizes a whole image to the input.
    public init(whole picture: TrainingPicture, extent: PictureExtent) {
        let whole = PixelArea(picture.extent).box
        let patch = PicturePatch(
            picture: picture.stored, source: whole, target: PixelArea(extent))
        self.init(
            extent: extent, patches: [patch],
            annotations: picture.annotations.map { annotation in
                var placed = annotation
                placed.box = patch.placed(annotation.box)
                return placed
            }, unlabelled: picture.unlabelled)
    }
}
