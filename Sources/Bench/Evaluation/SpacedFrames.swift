internal import Pipeline
internal import Video

/// Pictures of a recording at a distance from each other, whole and in RGB: to calibrate on.
struct SpacedFrames: ~Copyable {
    /// The last picture: 8-bit red, green, blue, rows without gaps; the storage is reused.
    private(set) var rgb: [UInt8] = []
    /// Its width in pixels.
    private(set) var width = 0
    /// Its height in pixels.
    private(set) var height = 0
    private var reader: VideoReader
    private var scaler = Scaler()
    private let step: Int
    private var count = 0

    /// Opens a recording or an image, of which every `step`-th picture is taken.
    ///
    /// - Throws: A `VideoError` when it cannot be read.
    init(_ source: String, step: Int) throws {
        reader = try VideoReader(source)
        self.step = step
    }

    /// Goes to the next picture; false at the end.
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
