import Pixels
import Tensors

/// Turns 8-bit RGB pictures into the numbers a network reads: resized, normalised, three numbers a pixel (HWC).
///
/// The resize is OpenCV's to the bit: bilinear with half-pixel centres as long as neither side shrinks by more
/// than ``shrinkLimit``, area averaging beyond, as in training. Tables are made when the size of the pictures
/// changes; nothing is allocated otherwise.
struct PictureInput: Sendable {
    /// Beyond this ratio of source to target, pixels are averaged instead of interpolated.
    static let shrinkLimit = 1.5

    let width: Int
    let height: Int
    let fit: PictureFit
    /// Where the picture that was written last lies.
    private(set) var placement: PicturePlacement
    private let isBlueFirst: Bool
    /// Mean and deviation of each number of an RGB row.
    private let means: [Float]
    private let deviations: [Float]
    /// Nil where pictures have the right size already.
    private var resampler: Resampler?
    private var isFresh = true
    private let normalization: PictureNormalization
    /// The kinds of decoded pictures that were prepared for, and their ways into the input: several, since cameras
    /// with pictures of different sizes share a detector.
    private var kinds: [PictureKind] = []
    private(set) var conversions: [ImageConversion] = []
    /// How many kinds are kept, and which is given up next.
    static let keptKinds = 8
    private var oldest = 0

    /// For an input of this size.
    init(width: Int, height: Int, normalization: PictureNormalization, fit: PictureFit) {
        self.width = width
        self.height = height
        self.fit = fit
        self.normalization = normalization
        isBlueFirst = normalization.channels == .bgr
        means = (0..<3 * width).map { normalization.mean[normalization.position(of: $0 % 3)] }
        deviations = (0..<3 * width).map {
            normalization.deviation[normalization.position(of: $0 % 3)]
        }
        placement = PicturePlacement(
            pictureWidth: width, pictureHeight: height, inputWidth: width, inputHeight: height,
            fit: fit)
    }

    /// Where a picture of a size would lie.
    func placement(width pictureWidth: Int, height pictureHeight: Int) -> PicturePlacement {
        PicturePlacement(
            pictureWidth: pictureWidth, pictureHeight: pictureHeight, inputWidth: width,
            inputHeight: height, fit: fit)
    }

    /// Writes a picture, rows without gaps; one of the right size is only normalised.
    mutating func fill(
        _ input: inout MutableSpan<Float>, _ layout: ImageLayout, rgb: Span<UInt8>,
        width pictureWidth: Int, height pictureHeight: Int
    ) {
        precondition(pictureWidth > 0 && pictureHeight > 0, "a picture has no empty side")
        precondition(rgb.count >= 3 * pictureWidth * pictureHeight, "the picture is cut short")
        let new = placement(width: pictureWidth, height: pictureHeight)
        let isCopy = new.width == pictureWidth && new.height == pictureHeight
        if isCopy {
            resampler = nil
        } else if resampler?.placement != new {
            resampler = Resampler(new)
        }
        place(new, in: &input)
        guard !isCopy else { return copyRows(of: rgb, into: &input, layout) }
        resampler?.startPicture()
        for row in 0..<new.height {
            resampler?.write(row, of: rgb)
            writeRow(row, into: &input, layout)
        }
    }

    /// Writes a picture that somebody else has scaled to `placement`, rows without gaps.
    mutating func fill(
        _ input: inout MutableSpan<Float>, _ layout: ImageLayout, scaled rgb: Span<UInt8>,
        _ placement: PicturePlacement
    ) {
        place(placement, in: &input)
        copyRows(of: rgb, into: &input, layout)
    }

    /// Makes room for a decoded picture; the engine then writes it by one of ``conversions``.
    ///
    /// - Returns: By which one, and whether another stood in its place before.
    mutating func prepare(
        _ input: inout MutableSpan<Float>, for picture: borrowing Picture
    ) -> (slot: Int, isNew: Bool) {
        let placement = placement(width: picture.width, height: picture.height)
        place(placement, in: &input)
        let kind = PictureKind(picture, placement)
        if let slot = kinds.firstIndex(of: kind) { return (slot, false) }
        return (keep(kind), true)
    }

    private mutating func keep(_ kind: PictureKind) -> Int {
        let conversion = ImageConversion(kind, normalization)
        guard kinds.count == Self.keptKinds else {
            kinds.append(kind)
            conversions.append(conversion)
            return kinds.count - 1
        }
        let slot = oldest
        oldest = (oldest + 1) % Self.keptKinds
        (kinds[slot], conversions[slot]) = (kind, conversion)
        return slot
    }

    /// Fills the surroundings of a picture with the mean, which is zero, unless they are that already.
    private mutating func place(_ new: PicturePlacement, in input: inout MutableSpan<Float>) {
        if new != placement || isFresh {
            for index in input.indices { input[index] = 0 }
        }
        (placement, isFresh) = (new, false)
    }

    private func copyRows(
        of rgb: Span<UInt8>, into input: inout MutableSpan<Float>, _ layout: ImageLayout
    ) {
        let count = 3 * placement.width
        for row in 0..<placement.height {
            let start = layout.index(row: placement.top + row, column: placement.left)
            normalize(rgb, from: row * count, into: &input, at: start, count: count)
            if isBlueFirst { turn(&input, at: start) }
        }
    }

    private func writeRow(
        _ row: Int, into input: inout MutableSpan<Float>, _ layout: ImageLayout
    ) {
        guard let resampler else { return }
        let start = layout.index(row: placement.top + row, column: placement.left)
        normalize(resampler.row.span, into: &input, at: start, count: 3 * placement.width)
        if isBlueFirst { turn(&input, at: start) }
    }

    private func normalize(
        _ bytes: Span<UInt8>, from first: Int, into input: inout MutableSpan<Float>,
        at start: Int, count: Int
    ) {
        let bytes = bytes.extracting(first..<first + count)
        let (means, deviations) = (means.span, deviations.span)
        // Bounds that are plain to see outside the loop let it become vector instructions.
        var row = input._mutatingExtracting(start..<start + count)
        let safe = min(min(row.count, bytes.count), min(means.count, deviations.count))
        for index in 0..<safe {
            row[index] = (Float(bytes[index]) - means[index]) / deviations[index]
        }
    }

    private func normalize(
        _ values: Span<Float>, into input: inout MutableSpan<Float>, at start: Int, count: Int
    ) {
        let (means, deviations) = (means.span, deviations.span)
        var row = input._mutatingExtracting(start..<start + count)
        let safe = min(min(row.count, values.count), min(means.count, deviations.count))
        for index in 0..<safe {
            row[index] = (values[index] - means[index]) / deviations[index]
        }
    }

    /// Exchanges red and blue of a row.
    private func turn(_ input: inout MutableSpan<Float>, at start: Int) {
        for index in stride(from: start, to: start + 3 * placement.width, by: 3) {
            (input[index], input[index + 2]) = (input[index + 2], input[index])
        }
    }
}

/// Where the three numbers of a pixel stand in an engine's input.
struct ImageLayout: Hashable, Sendable {
    /// Place of the upper left pixel.
    var origin: Int
    /// From one row to the next.
    var rowStride: Int

    /// Place of a pixel's first number; the next pixel follows after three.
    func index(row: Int, column: Int) -> Int { origin + row * rowStride + 3 * column }
}

/// What is subtracted from, and divided out of, each channel of 8-bit pictures.
public struct PictureNormalization: Hashable, Sendable {
    /// Order of the network's input channels.
    public enum Channels: String, Hashable, Sendable, CaseIterable {
        /// Red first.
        case rgb
        /// Blue first.
        case bgr
    }

    /// Order of the network's input channels.
    public var channels: Channels
    /// Means in 8-bit steps, in the network's order.
    public var mean: [Float]
    /// Deviations in 8-bit steps, in the network's order.
    public var deviation: [Float]

    /// Which of the network's channels a channel of an RGB picture is.
    func position(of channel: Int) -> Int { channels == .rgb ? channel : 2 - channel }
}
