public import Pixels
public import Scene

/// Draws what is known about a frame straight on its decoded planes.
///
/// One renderer serves one stream: it keeps glyphs, inks and row buffers from frame to frame, so that
/// drawing allocates nothing once it has met the characters and the picture size. Pixels that nothing is
/// drawn on keep their bits, chroma included. It may be moved between threads but is used by one at a time.
public struct OverlayRenderer: ~Copyable, Sendable {
    let options: OverlayOptions
    let classNames: [String]
    var canvas = Canvas()
    var glyphs: Glyphs
    var placer = LabelPlacer()
    var text = TextBuffer()
    var trace = Polyline()
    var counts: [Int]
    var measures: Measures

    /// Opens the font and makes ready to draw objects of the classes that `classNames` lists in order.
    ///
    /// - Throws: ``OverlayError`` when no font can be opened: it says where it was looked for.
    public init(options: OverlayOptions = OverlayOptions(), classNames: [String])
        throws(OverlayError)
    {
        self.options = options
        self.classNames = classNames
        glyphs = try Glyphs(fontPath: options.fontPath)
        counts = [Int](repeating: 0, count: classNames.count)
        measures = Measures(width: 0, height: 0, sampleAspect: 1, options: options)
    }

    /// Draws objects, and a read-out where there is one, on a picture.
    ///
    /// - Parameters:
    ///   - objects: What to draw, in pixels of this picture. Boxes that are not finite are left out; what
    ///     lies outside is clipped.
    ///   - picture: Any layout that `PixelFormat` describes.
    ///   - sampleAspect: Width of a pixel over its height as it is shown; text and lines are narrowed by it.
    ///   - readout: What to write in the upper left corner.
    ///   - trail: Lends a line to which the caller appends the object's recent centres, oldest first.
    public mutating func draw(
        _ objects: [TrackedObject], on picture: inout MutablePicture, sampleAspect: Float = 1,
        readout: Readout? = nil, trail: (TrackedObject, inout Polyline) -> Void = { _, _ in }
    ) {
        prepare(for: picture.picture, sampleAspect: sampleAspect)
        if options.showsTraces {
            for object in objects { drawTrace(of: object, trail, on: &picture) }
        }
        if options.showsBoxes {
            for object in objects { drawBox(of: object, on: &picture) }
        }
        if options.showsReadout, let readout {
            drawReadout(readout, objects, on: &picture)
        }
        if options.showsLabels {
            for object in objects { drawLabel(of: object, on: &picture) }
        }
    }

    /// Brings sizes and inks in line with the picture.
    private mutating func prepare(for picture: borrowing Picture, sampleAspect: Float) {
        measures = Measures(
            width: picture.width, height: picture.height, sampleAspect: sampleAspect,
            options: options)
        glyphs.setSize(width: measures.textWidth, height: measures.textHeight)
        canvas.prepare(for: picture, palette: options.palette)
        placer.removeAll()
    }

    /// Where in the palette an object's colour is.
    func colorIndex(of object: TrackedObject) -> Int {
        options.palette.position(
            options.coloring == .byClass ? object.classIndex : object.id)
    }

    /// The pixels that an object's lines enclose and cover, kept inside the picture so that all four sides
    /// are seen; nil where the object has no finite box or none of it is in the picture.
    func outline(of object: TrackedObject, in picture: borrowing Picture) -> PixelRect? {
        guard let rect = PixelRect(object.box) else { return nil }
        let whole = PixelRect(left: 0, top: 0, right: picture.width, bottom: picture.height)
        guard rect.meets(whole) else { return nil }
        return rect.grown(x: measures.verticalLine / 2, y: measures.line / 2).intersection(whole)
    }

    private mutating func drawBox(of object: TrackedObject, on picture: inout MutablePicture) {
        guard let outer = outline(of: object, in: picture.picture) else { return }
        let ink = canvas.inks[colorIndex(of: object)]
        // A dark rim keeps light colours visible on light ground.
        canvas.frame(
            outer.grown(x: 1, y: 1), x: 1, y: 1, canvas.black, opacity: 90, on: &picture)
        guard object.isPredicted else {
            return canvas.frame(
                outer, x: measures.verticalLine, y: measures.line, ink, on: &picture)
        }
        let thin = max(measures.line * 2 / 3, 1)
        canvas.frame(
            outer, x: max(measures.verticalLine * 2 / 3, 1), y: thin, ink,
            dash: Dash(stroke: 4 * measures.line, gap: 3 * measures.line), on: &picture)
    }
}
