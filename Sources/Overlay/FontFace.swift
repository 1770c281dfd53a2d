internal import CFreeType

/// Font file opened with FreeType: owns the library handle and the face.
///
/// SAFETY of `@unchecked Sendable`: the value is noncopyable and the only owner of both handles, so only its
/// holder can reach them; FreeType keeps no state outside a library handle.
@safe struct FontFace: ~Copyable, @unchecked Sendable {
    private let library: FT_Library
    private let face: FT_Face

    /// Paths of DejaVu Sans on Debian, Fedora and Arch, in search order.
    static let knownPaths = [
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/TTF/DejaVuSans.ttf",
        "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    ]

    /// Opens the given font, or the first of `knownPaths` that opens when `path` is nil.
    init(path: String?, knownPaths: [String] = FontFace.knownPaths) throws(OverlayError) {
        var library: FT_Library?
        guard unsafe FT_Init_FreeType(&library) == 0, let library = unsafe library else {
            throw OverlayError("Starting FreeType failed: is there memory left?")
        }
        for candidate in path.map({ [$0] }) ?? knownPaths {
            if let face = unsafe FontFace.open(candidate, in: library) {
                unsafe self.library = unsafe library
                unsafe self.face = unsafe face
                return
            }
        }
        unsafe FT_Done_FreeType(library)
        throw FontFace.missing(path, knownPaths)
    }

    deinit {
        unsafe FT_Done_Face(face)
        unsafe FT_Done_FreeType(library)
    }

    /// Opens the first face of a file; nil when FreeType cannot open or scale it.
    private static func open(_ path: String, in library: FT_Library) -> FT_Face? {
        var face: FT_Face?
        guard unsafe FT_New_Face(library, path, 0, &face) == 0, let face = unsafe face else {
            return nil
        }
        guard unsafe FT_Set_Pixel_Sizes(face, 16, 16) == 0 else {
            unsafe FT_Done_Face(face)
            return nil
        }
        return unsafe face
    }

    private static func missing(_ path: String?, _ knownPaths: [String]) -> OverlayError {
        if let path {
            return OverlayError(
                "Opening the font \(path) for labels failed: it is missing, not readable, or not a font "
                    + "that FreeType can scale. Name a .ttf or .otf file, or none to use DejaVu Sans."
            )
        }
        return OverlayError(
            "No font for labels: DejaVu Sans is not at \(knownPaths.joined(separator: ", ")). "
                + "Install Debian's fonts-dejavu-core, or name a font file.")
    }

    /// Sets the size of the em square in pixels; returns false when the font does not support it.
    borrowing func setSize(width: Int, height: Int) -> Bool {
        unsafe FT_Set_Pixel_Sizes(face, FT_UInt(width), FT_UInt(height)) == 0
    }

    /// Ascent and descent of a line of text at the current size.
    borrowing func lineExtent() -> LineExtent {
        guard let metrics = unsafe face.pointee.size?.pointee.metrics else {
            return LineExtent(ascent: 0, descent: 0)
        }
        return LineExtent(
            ascent: Int(metrics.ascender + 63) >> 6, descent: Int(63 - metrics.descender) >> 6)
    }

    /// Appends the mask of a character to `pixels`; returns nil when the font lacks it or rendering fails.
    borrowing func render(_ scalar: UInt32, into pixels: inout [UInt8]) -> Glyph? {
        let index = unsafe FT_Get_Char_Index(face, FT_ULong(scalar))
        guard index != 0, unsafe FT_Load_Glyph(face, index, renderLightlyHinted) == 0,
            let slot = unsafe face.pointee.glyph?.pointee,
            unsafe slot.bitmap.pixel_mode == UInt8(FT_PIXEL_MODE_GRAY.rawValue)
                || slot.bitmap.rows == 0
        else { return nil }
        let bitmap = unsafe slot.bitmap
        let glyph = unsafe Glyph(
            left: Int(slot.bitmap_left), top: Int(slot.bitmap_top), width: Int(bitmap.width),
            height: Int(bitmap.rows), advance: Int(slot.advance.x + 32) >> 6, offset: pixels.count)
        // SAFETY: FreeType's bitmap has `rows` rows of `width` bytes, `pitch` bytes apart, and stays valid until
        // the next glyph is loaded; without a buffer it has no rows.
        for y in 0..<glyph.height {
            guard let buffer = unsafe bitmap.buffer else { break }
            let row = unsafe buffer + y * Int(bitmap.pitch)
            unsafe pixels.append(contentsOf: UnsafeBufferPointer(start: row, count: glyph.width))
        }
        return glyph
    }
}

/// Rows of a line of text above and below the baseline, not negative.
struct LineExtent: Hashable, Sendable {
    var ascent: Int
    var descent: Int
}

/// `FT_LOAD_RENDER | FT_LOAD_TARGET_LIGHT`, macros that Swift cannot import: hinting in vertical direction only.
private let renderLightlyHinted: Int32 = 1 << 2 | 1 << 16
