/// One rendered character: location of its mask in the cache and its metrics.
struct Glyph: Hashable, Sendable {
    /// Columns from the pen position to the mask.
    var left: Int
    /// Rows from the baseline up to the mask's first row.
    var top: Int
    /// Width of the mask in columns.
    var width: Int
    /// Height of the mask in rows.
    var height: Int
    /// Columns to the next pen position.
    var advance: Int
    /// Offset of the mask in ``Glyphs/pixels``.
    var offset: Int
}

/// Cache of rendered characters of one font in one size.
///
/// The cache is bounded: it is cleared when full, which takes a text of several hundred different characters.
struct Glyphs: ~Copyable, Sendable {
    /// Maximum number of cached characters.
    static let capacity = 512
    /// Maximum number of cached mask bytes, unless a single mask is larger.
    static let byteLimit = 1 << 20

    private let face: FontFace
    private var entries: [UInt32: Glyph] = [:]
    /// Masks of all cached characters, one byte of coverage per pixel.
    private(set) var pixels: [UInt8] = []
    private(set) var extent = LineExtent(ascent: 0, descent: 0)
    private var width = 0
    private var height = 0

    init(fontPath: String?) throws(OverlayError) {
        face = try FontFace(path: fontPath)
        entries.reserveCapacity(Glyphs.capacity)
    }

    /// Number of cached characters.
    var count: Int { entries.count }

    /// Sets the size of the em square in pixels; clears the cache when it changes.
    mutating func setSize(width: Int, height: Int) {
        guard width != self.width || height != self.height else { return }
        self.width = width
        self.height = height
        empty()
        // A bitmap font without this size keeps its current one.
        _ = face.setSize(width: width, height: height)
        extent = face.lineExtent()
    }

    /// Glyph of a character in the current size; its mask is valid until the next call.
    mutating func glyph(_ scalar: UInt32) -> Glyph {
        if let known = entries[scalar] { return known }
        if entries.count >= Glyphs.capacity || pixels.count >= Glyphs.byteLimit { empty() }
        let glyph = face.render(scalar, into: &pixels) ?? missingGlyph()
        entries[scalar] = glyph
        return glyph
    }

    /// Width of a line of text in columns.
    mutating func width(of text: TextBuffer) -> Int {
        var sum = 0
        for scalar in text.scalars { sum += glyph(scalar).advance }
        return sum
    }

    private mutating func empty() {
        entries.removeAll(keepingCapacity: true)
        pixels.removeAll(keepingCapacity: true)
    }

    /// Placeholder for a missing character: a hollow box the size of a capital letter.
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
