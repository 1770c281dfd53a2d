/// Arrangement and depth of a picture's samples in memory.
///
/// Covers the formats that decoders deliver and overlays can draw on: planar and semi-planar YUV of 8 to 16
/// bits, and packed 8-bit RGB, the detector's input.
public struct PixelFormat: Hashable, Sendable {
    /// Arrangement of components in planes.
    public enum Layout: Hashable, Sendable {
        /// One plane: Y only.
        case gray
        /// Three planes: Y, U, V.
        case planar
        /// Two planes: Y, and U and V interleaved (NV12, P010).
        case semiPlanar
        /// One plane: R, G, B interleaved.
        case packedRGB
    }

    /// Arrangement of components in planes.
    public let layout: Layout
    /// Bits per sample, 8 to 16.
    ///
    /// Above 8 a sample is a little-endian 16-bit word.
    public let depth: Int
    /// Number of unused low bits of the 16-bit word (6 for P010, otherwise 0).
    public let shift: Int
    /// Binary logarithm of the horizontal chroma subsampling.
    public let chromaShiftX: Int
    /// Binary logarithm of the vertical chroma subsampling.
    public let chromaShiftY: Int

    /// Creates a format from its parts.
    public init(
        layout: Layout, depth: Int = 8, shift: Int = 0, chromaShiftX: Int = 0, chromaShiftY: Int = 0
    ) {
        precondition((8...16).contains(depth), "samples have 8 to 16 bits")
        self.layout = layout
        self.depth = depth
        self.shift = shift
        self.chromaShiftX = chromaShiftX
        self.chromaShiftY = chromaShiftY
    }

    /// 8-bit 4:2:0 in three planes, the most common format.
    public static let yuv420 = PixelFormat(layout: .planar, chromaShiftX: 1, chromaShiftY: 1)
    /// 8-bit 4:2:0 in two planes.
    public static let nv12 = PixelFormat(layout: .semiPlanar, chromaShiftX: 1, chromaShiftY: 1)
    /// Packed 8-bit RGB.
    public static let rgb24 = PixelFormat(layout: .packedRGB)

    /// 1 for 8-bit samples, else 2.
    public var bytesPerSample: Int { depth > 8 ? 2 : 1 }

    /// Number of planes.
    public var planeCount: Int {
        switch layout {
        case .gray, .packedRGB: 1
        case .semiPlanar: 2
        case .planar: 3
        }
    }

    /// Number of columns in a plane of a picture `width` wide; an interleaved pair counts as one column.
    public func columns(ofPlane plane: Int, width: Int) -> Int {
        plane == 0 ? width : (width + (1 << chromaShiftX) - 1) >> chromaShiftX
    }

    /// Number of rows in a plane of a picture `height` high.
    public func rows(ofPlane plane: Int, height: Int) -> Int {
        plane == 0 ? height : (height + (1 << chromaShiftY) - 1) >> chromaShiftY
    }

    /// Samples per column of a plane: 3 for packed RGB, 2 for interleaved chroma, otherwise 1.
    public func samplesPerColumn(ofPlane plane: Int) -> Int {
        switch layout {
        case .packedRGB: 3
        case .semiPlanar: plane == 1 ? 2 : 1
        case .gray, .planar: 1
        }
    }
}
