internal import CFFmpeg

/// Rotation and mirroring that make stored frames upright.
struct Orientation: Hashable {
    /// Degrees clockwise: 0, 90, 180 or 270.
    var rotation = 0
    /// True if the frame is mirrored horizontally before the rotation.
    var isMirrored = false
    /// True if the source asks for another angle, which is ignored.
    var isOdd = false

    /// Identity.
    init() {}

    /// Parses a display matrix from its upper left 2×2 part.
    init(matrix: UnsafePointer<Int32>) {
        let (xx, xy) = unsafe (Int64(matrix[0]), Int64(matrix[1]))
        let (yx, yy) = unsafe (Int64(matrix[3]), Int64(matrix[4]))
        let straight = max(abs(xx), abs(yy))
        let crossed = max(abs(xy), abs(yx))
        isOdd = min(straight, crossed) * 50 > max(straight, crossed)
        if isOdd || (xx == 0 && xy == 0) { return }
        if straight > crossed {
            rotation = yy > 0 ? 0 : 180
            isMirrored = (xx > 0) != (yy > 0)
        } else {
            rotation = yx < 0 ? 90 : 270
            isMirrored = (xy > 0) == (yx > 0)
        }
    }

    /// Reads the display matrix of a stream's side data.
    init(of stream: UnsafeMutablePointer<AVStream>) {
        var size = 0
        let data = unsafe tl_stream_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size)
        guard let data = unsafe data, size >= 36 else { return }
        unsafe data.withMemoryRebound(to: Int32.self, capacity: 9) {
            unsafe self = Orientation(matrix: $0)
        }
    }

    /// Reads the display matrix of a frame's side data, such as JPEG's Exif orientation.
    init?(of frame: UnsafeMutablePointer<AVFrame>) {
        guard let side = unsafe av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX),
            unsafe side.pointee.size >= 36
        else { return nil }
        let matrix = unsafe side.pointee.data.withMemoryRebound(to: Int32.self, capacity: 9) {
            unsafe Orientation(matrix: $0)
        }
        self = matrix
    }

    /// True if width and height are exchanged.
    var swapsSides: Bool { rotation == 90 || rotation == 270 }

    /// FFmpeg filters that apply the orientation.
    var steps: [String] {
        switch (rotation, isMirrored) {
        case (90, false): ["transpose=clock"]
        case (90, true): ["transpose=clock_flip"]
        case (180, false): ["hflip", "vflip"]
        case (180, true): ["vflip"]
        case (270, false): ["transpose=cclock"]
        case (270, true): ["transpose=cclock_flip"]
        case (_, true): ["hflip"]
        default: []
        }
    }
}
