import Foundation
import TestSupport
import Testing

@testable import Overlay

@Suite struct GlyphsTests {
    @Test func lettersHaveShapes() throws {
        var glyphs = try made(size: 24)
        let letter = glyphs.glyph(0x48)
        #expect(letter.width > 8 && (16...19).contains(letter.height))
        #expect(letter.top == letter.height, "a capital stands on the baseline")
        let mask = glyphs.pixels[letter.offset..<letter.offset + letter.width * letter.height]
        #expect(mask.contains(255))
        #expect(glyphs.glyph(0x20).width == 0)
        #expect(glyphs.glyph(0x20).advance > 0)
        #expect(glyphs.extent.ascent > 18 && glyphs.extent.descent > 3)
    }

    @Test(arguments: ["é", "ß", "Ж", "Ω", "ł", "ş", "–"])
    func fontHasLettersOfSeveralScripts(_ letter: Unicode.Scalar) throws {
        var glyphs = try made(size: 24)
        #expect(glyphs.glyph(letter.value) != glyphs.glyph(0x10FFFE))
    }

    @Test(arguments: [UInt32(0x10FFFE), 0x6F22, 0xFFFF_FFFF])
    func missingCharacterIsAHollowBox(_ scalar: UInt32) throws {
        var glyphs = try made(size: 32)
        let glyph = glyphs.glyph(scalar)
        let mask = Array(
            glyphs.pixels[glyph.offset..<glyph.offset + glyph.width * glyph.height])
        #expect(glyph.width == 16 && glyph.height == 24)
        #expect(mask.prefix(2 * glyph.width).allSatisfy { $0 == 255 })
        #expect(mask.suffix(2 * glyph.width).allSatisfy { $0 == 255 })
        #expect(mask[glyph.height / 2 * glyph.width + glyph.width / 2] == 0)
    }

    @Test func cacheIsBounded() throws {
        var glyphs = try made(size: 12)
        for scalar in UInt32(0x21)...0x3000 {
            _ = glyphs.glyph(scalar)
            #expect(glyphs.count <= Glyphs.capacity)
            #expect(glyphs.pixels.count < 2 * Glyphs.byteLimit)
        }
    }

    @Test func glyphsDependOnTheSize() throws {
        var glyphs = try made(size: 12)
        let small = glyphs.glyph(0x48)
        glyphs.setSize(width: 48, height: 48)
        #expect(glyphs.count == 0)
        #expect(glyphs.glyph(0x48).height > 3 * small.height)
        glyphs.setSize(width: 24, height: 48)
        #expect(glyphs.glyph(0x48).height > 3 * small.height)
        #expect(glyphs.glyph(0x48).advance < 3 * small.advance)
    }

    @Test func errorNamesTheMissingFont() {
        let error = #expect(throws: OverlayError.self) {
            _ = try FontFace(path: "/nowhere/letters.ttf")
        }
        #expect(error?.message.contains("/nowhere/letters.ttf") == true)
    }

    @Test func withoutFontsTheErrorNamesThePackageToInstall() {
        let error = #expect(throws: OverlayError.self) {
            _ = try FontFace(path: nil, knownPaths: ["/nowhere/a.ttf", "/nowhere/b.ttf"])
        }
        #expect(error?.message.contains("fonts-dejavu-core") == true)
        #expect(error?.message.contains("/nowhere/b.ttf") == true)
    }

    @Test func damagedFontsAreRejectedOrHarmless() throws {
        let path = try #require(
            FontFace.knownPaths.first { FileManager.default.fileExists(atPath: $0) })
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let folder = try Scratch()
        let file = folder.file("broken.ttf")
        for length in [0, 11, 500, 20_000, whole.count / 2, whole.count - 1] {
            try whole.prefix(length).write(to: file)
            guard var glyphs = try? Glyphs(fontPath: file.path) else { continue }
            glyphs.setSize(width: 20, height: 20)
            for scalar in UInt32(0x21)...0x7E { #expect(glyphs.glyph(scalar).advance >= 0) }
        }
        try Data("no font at all".utf8).write(to: file)
        #expect(throws: OverlayError.self) { _ = try FontFace(path: file.path) }
    }

    private func made(size: Int) throws -> Glyphs {
        var glyphs = try Glyphs(fontPath: nil)
        glyphs.setSize(width: size, height: size)
        return glyphs
    }
}
