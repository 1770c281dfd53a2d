public import Datasets
public import Scene

/// A rectangle of whole pixels.
public struct PixelArea: Hashable, Sendable {
    /// Left column.
    public var left: Int
    /// Upper row.
    public var top: Int
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int

    /// A rectangle by its upper left corner and extent.
    public init(left: Int, top: Int, width: Int, height: Int) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }

    /// The whole of a picture.
    public init(_ extent: PictureExtent) {
        self.init(left: 0, top: 0, width: extent.width, height: extent.height)
    }

    /// The same as a box.
    public var box: Box {
        Box(x: Float(left), y: Float(top), width: Float(width), height: Float(height))
    }
}

/// A part of a stored picture and the place that it takes in an input.
///
/// Every pixel of `target` shows the point of `source` at the same share of both sides, interpolated bilinearly on the
/// stored picture or on a copy of half, a quarter or an eighth of its size (``level``), in which every pixel is the
/// rounded mean of four. Points outside the picture show ``PicturePlan/fill``.
public struct PicturePatch: Hashable, Sendable {
    /// Index into the store.
    public var picture: Int
    /// The part that is shown, in pixels of the stored picture; it may reach outside.
    public var source: Box
    /// Where it is shown, in pixels of the input.
    public var target: PixelArea
    /// Left and right are exchanged.
    public var isFlipped = false
    /// Pixels along the border over which it fades into what lies below.
    public var feather = 0

    /// A patch by its parts.
    public init(
        picture: Int, source: Box, target: PixelArea, isFlipped: Bool = false, feather: Int = 0
    ) {
        self.picture = picture
        self.source = source
        self.target = target
        self.isFlipped = isFlipped
        self.feather = feather
    }

    /// How often the picture is halved before it is interpolated: beyond a shrink of 1.5 once, of 3 twice, of 6
    /// three times.
    ///
    /// Inference averages beyond the same 1.5.
    public var level: Int {
        let shrink = max(
            source.width / Float(target.width), source.height / Float(target.height))
        return shrink > 6 ? 3 : shrink > 3 ? 2 : shrink > 1.5 ? 1 : 0
    }

    /// Where a point of the input lies in the stored picture: x' = a·x + b, y' = c·y + d (a, b, c, d).
    public var transform: SIMD4<Float> {
        let horizontal = source.width / Float(target.width)
        let vertical = source.height / Float(target.height)
        let (left, top) = (Float(target.left), Float(target.top))
        return isFlipped
            ? SIMD4(
                -horizontal, source.right + left * horizontal, vertical, source.y - top * vertical)
            : SIMD4(horizontal, source.x - left * horizontal, vertical, source.y - top * vertical)
    }

    /// Where a box of the stored picture lies in the input; it may reach outside the patch.
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

/// One input of the network as data: pictures, places, colours and boxes, from which CPU and GPU make the same pixels.
public struct PicturePlan: Hashable, Sendable {
    /// Colour of what no picture covers: the means of ImageNet, rounded.
    public static let fill = SIMD3<UInt8>(124, 116, 104)

    /// Size of the input.
    public var extent: PictureExtent
    /// What is shown, each over those before it.
    public var patches: [PicturePatch]
    /// What becomes of the colours.
    public var color: ColorMatrix
    /// Objects and ignored regions, in pixels of the input.
    public var annotations: [Annotation]
    /// Classes that may be seen but are not annotated, ascending.
    public var unlabelled: [Int]

    /// An input by its parts.
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

    /// A whole picture stretched to the input, unchanged otherwise.
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
