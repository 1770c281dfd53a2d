import Foundation

/// Writes pictures and sound without compression into an AVI file, which FFmpeg reads like any recording.
///
/// The form is that of Microsoft's "AVI RIFF File Reference": planar 4:2:0 pictures (`I420`) and 16-bit PCM.
struct RawMovie {
    private let file: FileHandle
    private let width: Int
    private let height: Int
    private let frames: Int
    private let soundRate = Sound.rate
    private var soundWritten = 0

    /// Begins a file that will have exactly this many frames at 30000/1001 a second.
    init(to url: URL, width: Int, height: Int, frames: Int) throws {
        try Data().write(to: url)
        file = try FileHandle(forWritingTo: url)
        self.width = width
        self.height = height
        self.frames = frames
        try file.write(contentsOf: header)
    }

    /// Adds a picture (4:2:0, all planes) and the sound that belongs to it.
    mutating func write(_ planes: [UInt8], sound: [Int16]) throws {
        try file.write(contentsOf: Self.chunk("00dc", Data(planes)))
        var bytes = Data()
        for sample in sound { bytes.append(little: UInt16(bitPattern: sample)) }
        try file.write(contentsOf: Self.chunk("01wb", bytes))
        soundWritten += sound.count
    }

    /// Ends the file.
    func close() throws { try file.close() }

    private var header: Data {
        let pictureBytes = width * height * 3 / 2
        let samples = Sound.samples(before: frames)
        let streams = pictureStream(pictureBytes) + soundStream(samples)
        let main = Self.chunk("avih", mainHeader(pictureBytes))
        let list = Self.chunk("LIST", Data("hdrl".utf8) + main + streams)
        let movie = frames * (pictureBytes + 16) + samples * 2 + 4
        var data = Data("RIFF".utf8)
        data.append(little: UInt32(list.count + movie + 12))
        data += Data("AVI ".utf8) + list + Data("LIST".utf8)
        data.append(little: UInt32(movie))
        return data + Data("movi".utf8)
    }

    private func mainHeader(_ pictureBytes: Int) -> Data {
        Data(words: [
            33367, pictureBytes * 30, 0, 0x100, frames, 0, 2, pictureBytes, width, height, 0, 0, 0,
            0,
        ])
    }

    private func pictureStream(_ pictureBytes: Int) -> Data {
        let head =
            Data("vidsI420".utf8)
            + Data(words: [
                0, 0, 0, 1001, 30000, 0, frames, pictureBytes, -1, 0, 0, width | height << 16,
            ])
        let form =
            Data(words: [40, width, height, 1 | 12 << 16]) + Data("I420".utf8)
            + Data(words: [pictureBytes, 0, 0, 0, 0])
        return Self.chunk(
            "LIST", Data("strl".utf8) + Self.chunk("strh", head) + Self.chunk("strf", form))
    }

    private func soundStream(_ samples: Int) -> Data {
        let head =
            Data("auds".utf8)
            + Data(words: [1, 0, 0, 0, 1, soundRate, 0, samples, soundRate * 2, -1, 2, 0, 0])
        let form = Data(words: [1 | 1 << 16, soundRate, soundRate * 2, 2 | 16 << 16])
        return Self.chunk(
            "LIST", Data("strl".utf8) + Self.chunk("strh", head) + Self.chunk("strf", form))
    }

    private static func chunk(_ name: String, _ content: Data) -> Data {
        var data = Data(name.utf8)
        data.append(little: UInt32(content.count))
        data += content
        if content.count % 2 == 1 { data.append(0) }
        return data
    }
}

extension Data {
    /// 32-bit words, lowest byte first.
    fileprivate init(words: [Int]) {
        self.init()
        for word in words { append(little: UInt32(truncatingIfNeeded: word)) }
    }

    fileprivate mutating func append<Number: FixedWidthInteger>(little number: Number) {
        for byte in 0..<Number.bitWidth / 8 {
            append(UInt8(truncatingIfNeeded: number >> (8 * byte)))
        }
    }
}
