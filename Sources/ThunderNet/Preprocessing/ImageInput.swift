import Pixels
import Tensors

/// Preprocessing of 8-bit RGB images: resize and normalisation to three numbers per pixel (HWC).
///
/// The resize is bit-identical to OpenCV's: bilinear with half-pixel centres where neither side shrinks by more than
/// ``shrinkLimit``, else area averaging, as in training. Allocates only when the size of images changes.
struct ImageInput: Sendable {
    /// Ratio of source to target above which pixels are averaged instead of interpolated.
    static let shrinkLimit = 1.5

    let width: Int
    let height: Int
    let fit: ImageFit
    /// Placement of the image written last.
    private(set) var placement: ImagePlacement
    private let isBlueFirst: Bool
    /// Mean and standard deviation of each number of an RGB row.
    private let means: [Float]
    private let deviations: [Float]
    /// Nil for images that already have the right size.
    private var resampler: Resampler?
    private var isFresh = true
    private let normalization: InputNormalization
    /// The prepared kinds of decoded frames with their conversions.
    ///
    /// Several, since cameras with frames of different sizes share a detector.
    private var kinds: [PictureKind] = []
    private(set) var conversions: [ImageConversion] = []
    /// Upper limit of the kept kinds.
    static let keptKinds = 8
    /// Index of the kind that is replaced next.
    private var oldest = 0

    /// Creates the preprocessing for an input of `width` × `height` pixels.
    init(width: Int, height: Int, normalization: InputNormalization, fit: ImageFit) {
        self.width = width
        self.height = height
        self.fit = fit
        self.normalization = normalization
        isBlueFirst = normalization.channels == .bgr
        means = (0..<3 * width).map { normalization.mean[normalization.position(of: $0 % 3)] }
        deviations = (0..<3 * width).map {
            normalization.deviation[normalization.position(of: $0 % 3)]
        }
        placement = ImagePlacement(
            imageWidth: width, imageHeight: height, inputWidth: width, inputHeight: height,
            fit: fit)
    }

    /// Placement of an image of a size in pixels.
    func placement(width imageWidth: Int, height imageHeight: Int) -> ImagePlacement {
        ImagePlacement(
            imageWidth: imageWidth, imageHeight: imageHeight, inputWidth: width,
            inputHeight: height, fit: fit)
    }

    /// Writes an image with rows without gaps.
    ///
    /// One of the right size is only normalised.
    mutating func fill(
        _ input: inout MutableSpan<Float>, _ layout: ImageLayout, rgb: Span<UInt8>,
        width imageWidth: Int, height imageHeight: Int
    ) {
        precondition(imageWidth > 0 && imageHeight > 0, "both sides of an image are positive")
        precondition(
            rgb.count >= 3 * imageWidth * imageHeight, "the buffer holds the whole image")
        let new = placement(width: imageWidth, height: imageHeight)
        let isCopy = new.width == imageWidth && new.height == imageHeight
        if isCopy {
            resampler = nil
        } else if resampler?.placement != new {
            resampler = Resampler(new)
        }
        place(new, in: &input)
        guard !isCopy else { return copyRows(of: rgb, into: &input, layout) }
        resampler?.startImage()
        for row in 0..<new.height {
            resampler?.write(row, of: rgb)
            writeRow(row, into: &input, layout)
        }
    }

    /// Writes an image that the caller scaled to `placement`, with rows without gaps.
    mutating func fill(
        _ input: inout MutableSpan<Float>, _ layout: ImageLayout, scaled rgb: Span<UInt8>,
        _ placement: ImagePlacement
    ) {
        place(placement, in: &input)
        copyRows(of: rgb, into: &input, layout)
    }

    /// Prepares for a decoded frame, which the engine then writes by one of ``conversions``.
    ///
    /// - Returns: The index of the conversion, and true when it is new or replaced another.
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

    /// Fills the surroundings of an image with the mean, which is zero after normalisation, where necessary.
    private mutating func place(_ new: ImagePlacement, in input: inout MutableSpan<Float>) {
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
            if isBlueFirst { swapRedAndBlue(&input, at: start) }
        }
    }

    private func writeRow(
        _ row: Int, into input: inout MutableSpan<Float>, _ layout: ImageLayout
    ) {
        guard let resampler else { return }
        let start = layout.index(row: placement.top + row, column: placement.left)
        normalize(resampler.row.span, into: &input, at: start, count: 3 * placement.width)
        if isBlueFirst { swapRedAndBlue(&input, at: start) }
    }

    private func normalize(
        _ bytes: Span<UInt8>, from first: Int, into input: inout MutableSpan<Float>,
        at start: Int, count: Int
    ) {
        let bytes = bytes.extracting(first..<first + count)
        let (means, deviations) = (means.span, deviations.span)
        // Bounds known outside the loop let the compiler vectorize it.
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

    /// Swaps red and blue of a row.
    private func swapRedAndBlue(_ input: inout MutableSpan<Float>, at start: Int) {
        for index in stride(from: start, to: start + 3 * placement.width, by: 3) {
            (input[index], input[index + 2]) = (input[index + 2], input[index])
        }
    }
}

/// Layout of an engine's image input with three numbers per pixel.
struct ImageLayout: Hashable, Sendable {
    /// Index of the upper left pixel.
    var origin: Int
    /// Floats from row to row.
    var rowStride: Int

    /// Index of a pixel's first number.
    func index(row: Int, column: Int) -> Int { origin + row * rowStride + 3 * column }
}

/// Mean and standard deviation by which the channels of 8-bit images are normalised.
public struct InputNormalization: Hashable, Sendable {
    /// Order of the network's input channels.
    public enum Channels: String, Hashable, Sendable, CaseIterable {
        /// Red first.
        case rgb
        /// Blue first.
        case bgr
    }

    /// Order of the network's input channels.
    public var channels: Channels
    /// Means, 0 to 255, in the network's channel order.
    public var mean: [Float]
    /// Standard deviations, 0 to 255, in the network's channel order.
    public var deviation: [Float]

    /// The network's channel of an RGB channel.
    func position(of channel: Int) -> Int { channels == .rgb ? channel : 2 - channel }
}
