public import Pixels
public import Scene

/// Draws boxes, labels, traces and a read-out on the decoded planes of a frame.
///
/// Use one renderer per stream: it caches glyphs, inks and row buffers, so drawing allocates nothing once it
/// has seen the characters and the frame size. Pixels that are not drawn on keep their bits, chroma included.
/// It may move between threads but is used by one at a time.
public struct OverlayRenderer: ~Copyable, Sendable {
    let options: OverlayOptions
    let classNames: [String]
    var canvas = Canvas()
    var glyphs: Glyphs
    var placer = LabelPlacer()
    var text = TextBuffer()
    var trace = Polyline()
    var counts: [Int]
    var sizes: DrawingSizes

    /// Opens the font for labels; `classNames` lists the model's classes by index.
    ///
    /// - Throws: ``OverlayError`` when no font can be opened; the message lists the paths tried.
    public init(options: OverlayOptions = OverlayOptions(), classNames: [String])
        throws(OverlayError)
    {
        self.options = options
        self.classNames = classNames
        glyphs = try Glyphs(fontPath: options.fontPath)
        counts = [Int](repeating: 0, count: classNames.count)
        sizes = DrawingSizes(width: 0, height: 0, sampleAspect: 1, options: options)
    }

    /// Draws objects, and a read-out if given, on a picture.
    ///
    /// - Parameters:
    ///   - objects: Objects in pixels of this picture. Non-finite boxes are ignored; drawing is clipped to the
    ///     picture.
    ///   - picture: Planes to draw on, of any `PixelFormat`.
    ///   - sampleAspect: Sample aspect ratio, width over height; text and lines are narrowed by it.
    ///   - readout: Content of the upper left corner; nil for none.
    ///   - shapes: Zones and lines, drawn below the objects.
    ///   - trail: Closure that appends an object's recent centres, oldest first, to the given line.
    public mutating func draw(
        _ objects: [TrackedObject], on picture: inout MutablePicture, sampleAspect: Float = 1,
        readout: Readout? = nil, shapes: [OverlayShape] = [],
        trail: (TrackedObject, inout Polyline) -> Void = { _, _ in }
    ) {
        prepare(for: picture.picture, sampleAspect: sampleAspect)
        for shape in shapes { drawShape(shape, on: &picture) }
        if options.showsTraces {
            for object in objects { drawTrace(of: object, trail, on: &picture) }
        }
        if options.showsBoxes {
            for object in objects { drawBox(of: object, on: &picture) }
        }
        if options.showsReadout, let readout {
            drawReadout(readout, objects, on: &picture)
        }
        for shape in shapes { drawText(of: shape, on: &picture) }
        if options.showsLabels {
            for object in objects { drawLabel(of: object, on: &picture) }
        }
    }

    /// Updates sizes and inks for the picture.
    private mutating func prepare(for picture: borrowing Picture, sampleAspect: Float) {
        sizes = DrawingSizes(
            width: picture.width, height: picture.height, sampleAspect: sampleAspect,
            options: options)
        glyphs.setSize(width: sizes.textWidth, height: sizes.textHeight)
        canvas.prepare(for: picture, palette: options.palette)
        placer.removeAll()
    }

    /// Index of an object's colour in the palette.
    func colorIndex(of object: TrackedObject) -> Int {
        options.palette.wrapped(
            options.coloring == .byClass ? object.classIndex : object.id)
    }

    /// Outer rectangle of an object's outline, clamped to the picture so that all four sides are visible; nil when
    /// the box is not finite or outside the picture.
    func outline(of object: TrackedObject, in picture: borrowing Picture) -> PixelRect? {
        guard let rect = PixelRect(object.box) else { return nil }
        let whole = PixelRect(left: 0, top: 0, right: picture.width, bottom: picture.height)
        guard rect.meets(whole) else { return nil }
        return rect.grown(x: sizes.verticalLine / 2, y: sizes.line / 2).intersection(whole)
    }

    private mutating func drawBox(of object: TrackedObject, on picture: inout MutablePicture) {
        guard let outer = outline(of: object, in: picture.picture) else { return }
        let ink = canvas.inks[colorIndex(of: object)]
        // A dark rim keeps light colours visible on a light background.
        canvas.outline(
            outer.grown(x: 1, y: 1), x: 1, y: 1, canvas.black, opacity: 90, on: &picture)
        guard object.isPredicted else {
            return canvas.outline(
                outer, x: sizes.verticalLine, y: sizes.line, ink, on: &picture)
        }
        let thin = max(sizes.line * 2 / 3, 1)
        canvas.outline(
            outer, x: max(sizes.verticalLine * 2 / 3, 1), y: thin, ink,
            dash: Dash(stroke: 4 * sizes.line, gap: 3 * sizes.line), on: &picture)
    }
}
