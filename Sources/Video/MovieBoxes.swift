internal import Glibc

/// The outermost boxes of an mp4 or mov file, read without FFmpeg to tell a cut recording from a wrong file.
enum MovieBoxes {
    /// True when the file begins like an mp4 but has no index (no `moov` and no `moof` box).
    static func isUnfinished(_ path: String) -> Bool {
        guard let file = unsafe fopen(path, "rb") else { return false }
        defer { unsafe fclose(file) }
        var offset: UInt64 = 0
        var isMovie = false
        // Real files have a handful of outer boxes; the bound keeps crafted ones from holding us.
        for _ in 0..<4096 {
            guard let box = unsafe readBox(file, at: offset) else { break }
            if box.name == "moov" || box.name == "moof" { return false }
            if offset == 0 {
                isMovie = ["ftyp", "mdat", "wide", "free", "skip"].contains(box.name)
            }
            guard isMovie, box.size >= 8 else { break }
            let (next, overflow) = offset.addingReportingOverflow(box.size)
            if overflow { break }
            offset = next
        }
        return isMovie
    }

    private struct Box {
        let name: String
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
        return Box(name: name, size: size == 1 ? number(8..<16) : size)
    }
}
