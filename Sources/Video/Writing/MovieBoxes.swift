internal import Glibc

/// Reads the top-level boxes of an mp4 or mov file without FFmpeg, to distinguish a cut recording from
/// another format.
enum MovieBoxes {
    /// True if the file starts like an mp4 but has no index (neither `moov` nor `moof`).
    static func isUnfinished(_ path: String) -> Bool {
        let boxes = outermost(path).boxes
        return boxes.first.map(isMovie) == true && index(of: boxes) == nil
    }

    /// True for a segment of a stream without the header that the segments share.
    static func isLoneSegment(_ path: String) -> Bool {
        let boxes = outermost(path).boxes
        return ["styp", "sidx", "moof"].contains(boxes.first?.name) && boxes.last?.name == "moof"
    }

    /// True if the file starts like an mp4 and ends within its index.
    static func lacksEndOfIndex(_ path: String) -> Bool {
        let (boxes, size) = outermost(path)
        guard boxes.first.map(isMovie) == true, let index = index(of: boxes) else { return false }
        let (end, overflow) = index.offset.addingReportingOverflow(index.size)
        return overflow || end > size
    }

    private static func isMovie(_ box: Box) -> Bool {
        ["ftyp", "mdat", "wide", "free", "skip", "moov"].contains(box.name)
    }

    private static func index(of boxes: [Box]) -> Box? {
        boxes.first { $0.name == "moov" || $0.name == "moof" }
    }

    /// Boxes up to the index, and the size of the file in bytes.
    private static func outermost(_ path: String) -> (boxes: [Box], size: UInt64) {
        guard let file = unsafe fopen(path, "rb") else { return ([], 0) }
        defer { unsafe fclose(file) }
        var boxes: [Box] = []
        var offset: UInt64 = 0
        // Real files have few top-level boxes; the limit bounds the time for crafted ones.
        while boxes.count < 4096, index(of: boxes) == nil,
            let box = unsafe readBox(file, at: offset)
        {
            boxes.append(box)
            let (next, overflow) = offset.addingReportingOverflow(box.size)
            guard box.size >= 8, !overflow else { break }
            offset = next
        }
        unsafe fseek(file, 0, SEEK_END)
        return (boxes, unsafe UInt64(max(0, ftell(file))))
    }

    private struct Box {
        let name: String
        let offset: UInt64
        let size: UInt64
    }

    private static func readBox(_ file: UnsafeMutablePointer<FILE>, at offset: UInt64) -> Box? {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard offset < UInt64(Int.max), unsafe fseek(file, Int(offset), SEEK_SET) == 0,
            unsafe fread(&bytes, 1, 16, file) >= 8
        else { return nil }
        let number = { (range: Range<Int>) in
            bytes[range].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        let name = String(decoding: bytes[4..<8], as: UTF8.self)
        let size = number(0..<4)
        return Box(name: name, offset: offset, size: size == 1 ? number(8..<16) : size)
    }
}
