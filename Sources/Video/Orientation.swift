internal import CFFmpeg

/// How stored pictures are to be turned so that people see them upright.
struct Orientation: Hashable {
    /// Degrees clockwise: 0, 90, 180 or 270.
    var rotation = 0
    /// Mirrored left to right before the rotation.
    var isMirrored = false
    /// The source asked for an angle between these, which is left alone.
    var isOdd = false

    /// Pictures that are upright as they are.
    init() {}

    /// Reads a display matrix: its upper left four numbers say where the axes of the picture go.
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

    /// What a stream says, in its side data.
    init(of stream: UnsafeMutablePointer<AVStream>) {
        var size = 0
        let data = unsafe tl_stream_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size)
        guard let data = unsafe data, size >= 36 else { return }
        unsafe data.withMemoryRebound(to: Int32.self, capacity: 9) {
            unsafe self = Orientation(matrix: $0)
        }
    }

    /// What a picture says, in its side data (JPEG files by their Exif tag).
    init?(of frame: UnsafeMutablePointer<AVFrame>) {
        guard let side = unsafe av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX),
            unsafe side.pointee.size >= 36
        else { return nil }
        let matrix = unsafe side.pointee.data.withMemoryRebound(to: Int32.self, capacity: 9) {
            unsafe Orientation(matrix: $0)
        }
        self = matrix
    }

    /// Whether width and height change places.
    var swapsSides: Bool { rotation == 90 || rotation == 270 }

    /// The filters that turn a picture.
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
