public import Datasets
internal import Scene

/// Many pictures on one, with their boxes: to look at a set or at the first batches of a run.
public struct ContactSheet: Sendable {
    /// One picture of the sheet.
    public struct Tile: Sendable {
        /// The pixels.
        public var picture: DecodedPicture
        /// Its boxes, in its pixels.
        public var annotations: [Annotation]

        /// A tile by its parts.
        public init(picture: DecodedPicture, annotations: [Annotation]) {
            self.picture = picture
            self.annotations = annotations
        }
    }

    /// Size of the sheet.
    public let extent: PictureExtent
    /// Its pixels: three bytes each, row after row.
    public let pixels: [UInt8]
    /// All boxes, in pixels of the sheet.
    public let annotations: [Annotation]

    /// Lays out tiles row by row.
    ///
    /// - Parameters:
    ///   - tiles: At least one.
    ///   - columns: Tiles a row.
    ///   - width: Width of a tile in pixels; its height follows the first picture's proportions.
    public init(_ tiles: [Tile], columns: Int, width: Int) {
        precondition(!tiles.isEmpty && columns > 0 && width > 1, "a sheet shows something")
        let first = tiles[0].picture.extent
        let height = max(2, width * first.height / first.width)
        let rows = (tiles.count + columns - 1) / columns
        let gap = 2
        extent = PictureExtent(
            width: min(columns, tiles.count) * (width + gap) - gap,
            height: rows * (height + gap) - gap)
        var plan = PicturePlan(extent: extent, patches: [])
        for (index, tile) in tiles.enumerated() {
            let patch = PicturePatch(
                picture: index, source: PixelArea(tile.picture.extent).box,
                target: PixelArea(
                    left: index % columns * (width + gap), top: index / columns * (height + gap),
                    width: width, height: height))
            plan.patches.append(patch)
            plan.annotations += tile.annotations.map { annotation in
                var placed = annotation
                placed.box = patch.placed(annotation.box).intersection(patch.target.box)
                return placed
            }
        }
        var canvas: [UInt8] = []
        var renderer = PictureRenderer()
        renderer.render(plan, from: tiles.map(\.picture), into: &canvas)
        pixels = canvas
        annotations = plan.annotations
    }

    /// The first inputs of an epoch as the network gets them, before normalisation.
    ///
    /// - Parameters:
    ///   - plans: The inputs.
    ///   - source: Where their pixels are.
    ///   - columns: Tiles a row.
    ///   - width: Width of a tile in pixels.
    public init(
        _ plans: [PicturePlan], from source: some PixelSource, columns: Int, width: Int
    ) {
        var renderer = PictureRenderer()
        let tiles = plans.map { plan in
            var canvas: [UInt8] = []
            renderer.render(plan, from: source, into: &canvas)
            InputWriter.recolor(&canvas, plan.color)
            let picture = DecodedPicture(extent: plan.extent, source: plan.extent, rgb: canvas)
            return Tile(picture: picture, annotations: plan.annotations)
        }
        self.init(tiles, columns: columns, width: width)
    }
}
