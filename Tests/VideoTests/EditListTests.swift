import Testing

@testable import Video

struct EditListTests {
    private func box(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let size = UInt32(content.count + 8)
        return [
            UInt8(size >> 24), UInt8(size >> 16 & 255), UInt8(size >> 8 & 255), UInt8(size & 255),
        ]
            + Array(name.utf8) + content
    }

    private func movie(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
        box("ftyp", [1, 2, 3, 4])
            + box(
                "moov",
                box("mvhd", [9]) + box("trak", first) + box("trak", second) + box("udta", []))
            + box("moof", [5])
    }

    @Test func onlyTracksWithALeadGetAnEditList() {
        let header = box("tkhd", [7, 7])
        let media = box("mdia", [8])
        var bytes = movie(header + media, header + media)
        EditList.insert(leads: [0, 1024], into: &bytes)
        let list = box(
            "edts",
            box(
                "elst",
                [1, 0, 0, 0, 0, 0, 0, 1] + Array(repeating: 0, count: 8)
                    + [0, 0, 0, 0, 0, 0, 4, 0] + [0, 1, 0, 0]))
        #expect(bytes == movie(header + media, header + list + media))
    }

    @Test func withoutLeadsTheFileIsUnchanged() {
        let before = movie(box("tkhd", []), box("tkhd", []))
        var bytes = before
        EditList.insert(leads: [0, 0], into: &bytes)
        #expect(bytes == before)
    }

    @Test func otherBytesAreUnchanged() {
        for bytes: [UInt8] in [
            [], [0, 0, 0], [0, 0, 0, 200, 109, 111, 111, 118], Array(repeating: 0, count: 64),
        ] {
            var edited = bytes
            EditList.insert(leads: [5], into: &edited)
            #expect(edited == bytes)
        }
    }
}
