public import Datasets
internal import Scene

/// Contact sheet: several images with their boxes in one, for inspecting a set or the first batches of a run.
public struct ContactSheet: Sendable {
    /// One image of the sheet.
    public struct Tile: Sendable {
        /// Pixels of the image.
        public var picture: DecodedPicture
        /// Annotations in pixels of the image.
        public var annotations: [Annotation]

        /// Creates a tile from its parts.
        public init(picture: DecodedPicture, annotations: [Annotation]) {
            self.picture = picture
            self.annotations = annotations
        }
    }

    /// Size of the sheet in pixels.
    public let extent: PictureExtent
    /// Pixels: 8-bit RGB, rows without padding.
    public let pixels: [UInt8]
    /// All annotations, in pixels of the sheet.
    public let annotations: [Annotation]

    /// Creates a sheet with tiles in row-major order.
    ///
    /// - Parameters:
    ///   - tiles: Tiles, at least one.
    ///   - columns: Tiles per row.
    ///   - width: Width of a tile in pixels; the height follows from the first image's aspect ratio.
    public init(_ tiles: [Tile], columns: Int, width: Int) {
        precondition(
            !tiles.isEmpty && columns > 0 && width > 1, "a sheet needs tiles, columns and a width")
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

    /// Creates a sheet of network inputs before normalization.
    ///
    /// - Parameters:
    ///   - plans: Plans of the inputs.
    ///   - source: Source of the stored images' pixels.
    ///   - columns: Tiles per row.
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
