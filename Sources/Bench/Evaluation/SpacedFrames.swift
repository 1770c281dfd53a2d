internal import Pipeline
internal import Video

/// Every n-th frame of a recording in full size and RGB, for calibration.
struct SpacedFrames: ~Copyable {
    /// The last frame: 8-bit red, green, blue, rows without padding; the storage is reused.
    private(set) var rgb: [UInt8] = []
    /// Width of the last frame in pixels.
    private(set) var width = 0
    /// Height of the last frame in pixels.
    private(set) var height = 0
    private var reader: VideoReader
    private var scaler = Scaler()
    private let step: Int
    private var count = 0

    /// Opens a recording or an image, of which every `step`-th frame is taken.
    ///
    /// - Throws: A `VideoError` when it cannot be read.
    init(_ source: String, step: Int) throws {
        reader = try VideoReader(source)
        self.step = step
    }

    /// Advances to the next frame; false at the end.
    mutating func next() throws -> Bool {
        while let item = try reader.next() {
            guard case .frame(let frame) = consume item else { continue }
            count += 1
            guard step == 1 || count % step == 1 else { continue }
            (width, height) = (frame.width, frame.height)
            try scaler.whole(frame, into: &rgb)
            return true
        }
        return false
    }
}
