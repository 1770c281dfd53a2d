internal import Pixels

/// Drawing primitives and prepared inks for one pixel format and colour space.
struct Canvas: Sendable {
    /// One ink for each colour of the palette.
    private(set) var inks: [Ink] = []
    private(set) var black = Ink(first: 0, second: 0, third: 0)
    private(set) var white = Ink(first: 0, second: 0, third: 0)
    /// Text ink, black or white, for each colour of the palette as background.
    private(set) var textInks: [Ink] = []
    /// Lighter variant of each colour of the palette, for text on black.
    private(set) var tints: [Ink] = []
    private var stencil = Stencil()
    private var format: PixelFormat?
    private var color: ColorDescription?

    /// Converts the palette to the picture's format and colour space, unless they are unchanged.
    mutating func prepare(for picture: borrowing Picture, palette: Palette) {
        guard format != picture.format || color != picture.color else { return }
        let format = picture.format
        let color = picture.color
        func ink(_ rgb: RGBColor) -> Ink { Ink(rgb, format: format, color: color) }
        inks = palette.colors.map(ink)
        textInks = palette.colors.map { ink($0.readableInk) }
        tints = palette.colors.map { ink($0.tint) }
        black = ink(.black)
        white = ink(.white)
        self.format = format
        self.color = color
    }

    /// Fills a rectangle, clipped to the picture.
    mutating func fill(
        _ rect: PixelRect, _ ink: Ink, opacity: UInt8 = 255, on picture: inout MutablePicture
    ) {
        stencil.fill(ink, opacity: opacity, columns: rect.columns, rows: rect.rows, on: &picture)
    }

    /// Paints a glyph's mask with its pen position at `x` on the baseline `y`.
    mutating func draw(
        _ glyph: Glyph, of pixels: [UInt8], x: Int, baseline y: Int, _ ink: Ink,
        on picture: inout MutablePicture
    ) {
        let rect = PixelRect(
            left: x + glyph.left, top: y - glyph.top, width: glyph.width, height: glyph.height)
        stencil.paint(
            ink, mask: pixels, offset: glyph.offset, columns: rect.columns, rows: rect.rows,
            on: &picture)
    }

    /// Paints an antialiased line segment with round ends.
    mutating func draw(_ stroke: Stroke, _ ink: Ink, on picture: inout MutablePicture) {
        let rect = stroke.bounds
        stencil.paint(ink, columns: rect.columns, rows: rect.rows, on: &picture) {
            y, columns, row in
            let range = stroke.columns(y).clamped(to: columns)
            for x in range {
                row[x - columns.lowerBound] = stroke.coverage(x, y)
            }
            guard !range.isEmpty else { return 0..<0 }
            return range.lowerBound - columns.lowerBound..<range.upperBound - columns.lowerBound
        }
    }

    /// Paints the four sides of a rectangle just inside `outer`, which is clipped to the picture.
    mutating func outline(
        _ outer: PixelRect, x thickX: Int, y thickY: Int, _ ink: Ink, opacity: UInt8 = 255,
        dash: Dash? = nil, on picture: inout MutablePicture
    ) {
        let thickY = min(thickY, (outer.height + 1) / 2)
        let top = PixelRect(
            left: outer.left, top: outer.top, width: outer.width, height: thickY)
        var bottom = top
        bottom.top = max(outer.bottom - thickY, top.bottom)
        bottom.bottom = outer.bottom
        fillDashed(top, dash, alongX: true, ink, opacity, on: &picture)
        fillDashed(bottom, dash, alongX: true, ink, opacity, on: &picture)
        let thickX = min(thickX, (outer.width + 1) / 2)
        let left = PixelRect(
            left: outer.left, top: top.bottom, right: outer.left + thickX, bottom: bottom.top)
        var right = left
        right.left = max(outer.right - thickX, left.right)
        right.right = outer.right
        fillDashed(left, dash, alongX: false, ink, opacity, on: &picture)
        fillDashed(right, dash, alongX: false, ink, opacity, on: &picture)
    }

    private mutating func fillDashed(
        _ rect: PixelRect, _ dash: Dash?, alongX: Bool, _ ink: Ink, _ opacity: UInt8,
        on picture: inout MutablePicture
    ) {
        guard let dash, !rect.isEmpty else {
            return fill(rect, ink, opacity: opacity, on: &picture)
        }
        let length = alongX ? rect.width : rect.height
        for index in 0..<dash.count(length: length) {
            let part = dash.part(index, length: length)
            var piece = rect
            if alongX {
                piece.left = rect.left + part.lowerBound
                piece.right = rect.left + part.upperBound
            } else {
                piece.top = rect.top + part.lowerBound
                piece.bottom = rect.top + part.upperBound
            }
            fill(piece, ink, opacity: opacity, on: &picture)
        }
    }
}

/// Dash pattern along a line that begins and ends with a stroke.
struct Dash: Hashable, Sendable {
    /// Length of a stroke in pixels.
    var stroke: Int
    /// Approximate length of a gap in pixels.
    var gap: Int

    /// Number of strokes on a line of the given length.
    func count(length: Int) -> Int {
        length <= stroke ? 1 : 1 + max((length - stroke + gap / 2) / (stroke + gap), 1)
    }

    /// Range of pixels that a stroke covers.
    func part(_ index: Int, length: Int) -> Range<Int> {
        let count = count(length: length)
        guard count > 1 else { return 0..<length }
        let start = index * (length - stroke) / (count - 1)
        return start..<start + stroke
    }
}
