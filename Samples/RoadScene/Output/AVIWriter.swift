import Foundation

/// Writer of uncompressed AVI files, which FFmpeg reads like any recording.
///
/// Format of Microsoft's "AVI RIFF File Reference": planar 4:2:0 frames (`I420`) and 16-bit mono PCM.
struct AVIWriter {
    private let file: FileHandle
    private let width: Int
    private let height: Int
    private let frames: Int
    private let audioRate = EngineAudio.rate
    private var audioWritten = 0

    /// Creates a file of exactly `frames` frames at 30000/1001 frames per second.
    init(to url: URL, width: Int, height: Int, frames: Int) throws {
        try Data().write(to: url)
        file = try FileHandle(forWritingTo: url)
        self.width = width
        self.height = height
        self.frames = frames
        try file.write(contentsOf: header)
    }

    /// Appends a frame (4:2:0, all planes) and its audio samples.
    mutating func write(_ planes: [UInt8], audio: [Int16]) throws {
        try file.write(contentsOf: Self.chunk("00dc", Data(planes)))
        var bytes = Data()
        for sample in audio { bytes.append(little: UInt16(bitPattern: sample)) }
        try file.write(contentsOf: Self.chunk("01wb", bytes))
        audioWritten += audio.count
    }

    /// Closes the file.
    func close() throws { try file.close() }

    private var header: Data {
        let frameBytes = width * height * 3 / 2
        let samples = EngineAudio.samples(before: frames)
        let streams = videoStream(frameBytes) + audioStream(samples)
        let main = Self.chunk("avih", mainHeader(frameBytes))
        let list = Self.chunk("LIST", Data("hdrl".utf8) + main + streams)
        let movie = frames * (frameBytes + 16) + samples * 2 + 4
        var data = Data("RIFF".utf8)
        data.append(little: UInt32(list.count + movie + 12))
        data += Data("AVI ".utf8) + list + Data("LIST".utf8)
        data.append(little: UInt32(movie))
        return data + Data("movi".utf8)
    }

    private func mainHeader(_ frameBytes: Int) -> Data {
        Data(words: [
            33367, frameBytes * 30, 0, 0x100, frames, 0, 2, frameBytes, width, height, 0, 0, 0,
            0,
        ])
    }

    private func videoStream(_ frameBytes: Int) -> Data {
        let head =
            Data("vidsI420".utf8)
            + Data(words: [
                0, 0, 0, 1001, 30000, 0, frames, frameBytes, -1, 0, 0, width | height << 16,
            ])
        let form =
            Data(words: [40, width, height, 1 | 12 << 16]) + Data("I420".utf8)
            + Data(words: [frameBytes, 0, 0, 0, 0])
        return Self.chunk(
            "LIST", Data("strl".utf8) + Self.chunk("strh", head) + Self.chunk("strf", form))
    }

    private func audioStream(_ samples: Int) -> Data {
        let head =
            Data("auds".utf8)
            + Data(words: [1, 0, 0, 0, 1, audioRate, 0, samples, audioRate * 2, -1, 2, 0, 0])
        let form = Data(words: [1 | 1 << 16, audioRate, audioRate * 2, 2 | 16 << 16])
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
    /// Little-endian 32-bit words.
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
