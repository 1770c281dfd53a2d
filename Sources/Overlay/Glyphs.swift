/// One rendered character: where its mask lies in the cache, and where it lies about the pen.
struct Glyph: Hashable, Sendable {
    /// Columns from the pen to the mask.
    var left: Int
    /// Rows from the baseline up to the mask's first row.
    var top: Int
    /// Columns of the mask.
    var width: Int
    /// Rows of the mask.
    var height: Int
    /// Columns to the next pen position.
    var advance: Int
    /// Where the mask starts in ``Glyphs/pixels``.
    var offset: Int
}

/// The characters of one font in one size, rendered when first needed and kept.
///
/// The cache is bounded: when it is full it starts anew, which only texts of many hundred different
/// characters bring about.
struct Glyphs: ~Copyable, Sendable {
    /// The most characters that are kept.
    static let capacity = 512
    /// The most bytes of masks that are kept, unless a single one is larger.
    static let byteLimit = 1 << 20

    private let face: FontFace
    private var entries: [UInt32: Glyph] = [:]
    /// The masks, one byte of coverage per pixel, one after another.
    private(set) var pixels: [UInt8] = []
    private(set) var extent = LineExtent(ascent: 0, descent: 0)
    private var width = 0
    private var height = 0

    init(fontPath: String?) throws(OverlayError) {
        face = try FontFace(path: fontPath)
        entries.reserveCapacity(Glyphs.capacity)
    }

    /// How many characters are kept.
    var count: Int { entries.count }

    /// Chooses the size of the em square in pixels; forgets all characters when it changes.
    mutating func setSize(width: Int, height: Int) {
        guard width != self.width || height != self.height else { return }
        self.width = width
        self.height = height
        empty()
        // A font of fixed sizes that lacks this one keeps the nearest it was opened with.
        _ = face.setSize(width: width, height: height)
        extent = face.lineExtent()
    }

    /// The character as rendered in this size; its mask is at its offset until the next call.
    mutating func glyph(_ scalar: UInt32) -> Glyph {
        if let known = entries[scalar] { return known }
        if entries.count >= Glyphs.capacity || pixels.count >= Glyphs.byteLimit { empty() }
        let glyph = face.render(scalar, into: &pixels) ?? missingGlyph()
        entries[scalar] = glyph
        return glyph
    }

    /// Columns that a line of text takes up.
    mutating func width(of text: TextBuffer) -> Int {
        var sum = 0
        for scalar in text.scalars { sum += glyph(scalar).advance }
        return sum
    }

    private mutating func empty() {
        entries.removeAll(keepingCapacity: true)
        pixels.removeAll(keepingCapacity: true)
    }

    /// A hollow box, as wide as a digit and as high as a capital letter.
    private mutating func missingGlyph() -> Glyph {
        let columns = max(width / 2, 3)
        let rows = max(height * 3 / 4, 3)
        let edge = max(height / 16, 1)
        let offset = pixels.count
        for y in 0..<rows {
            for x in 0..<columns {
                let distance = min(x, y, columns - 1 - x, rows - 1 - y)
                pixels.append(distance < edge ? 255 : 0)
            }
        }
        let gap = max(columns / 6, 1)
        return Glyph(
            left: gap, top: rows, width: columns, height: rows, advance: columns + 2 * gap,
            offset: offset)
    }
}
