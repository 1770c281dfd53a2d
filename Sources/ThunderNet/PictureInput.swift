/// Turns 8-bit RGB pictures into the numbers a network reads: resized, normalised, one plane a channel (CHW).
///
/// The resize is OpenCV's to the bit: bilinear with half-pixel centres as long as neither side shrinks by more
/// than ``shrinkLimit``, area averaging beyond, as in training. Tables are made when the size of the pictures
/// changes; nothing is allocated otherwise.
struct PictureInput: Sendable {
    /// Beyond this ratio of source to target, pixels are averaged instead of interpolated.
    static let shrinkLimit = 1.5

    let width: Int
    let height: Int
    let normalization: PictureNormalization
    let fit: PictureFit
    private var resampler: Resampler?
    private(set) var placement: PicturePlacement

    /// For an input of this size.
    init(width: Int, height: Int, normalization: PictureNormalization, fit: PictureFit) {
        self.width = width
        self.height = height
        self.normalization = normalization
        self.fit = fit
        placement = PicturePlacement(
            pictureWidth: width, pictureHeight: height, inputWidth: width, inputHeight: height,
            fit: fit)
    }

    /// Writes a picture into `input`, `3 × height × width` numbers.
    ///
    /// `rgb` holds the picture's rows without gaps. A picture of the input's size is only normalised.
    mutating func fill(
        _ input: inout MutableSpan<Float>, rgb: Span<UInt8>, width pictureWidth: Int,
        height pictureHeight: Int
    ) {
        precondition(input.count == 3 * width * height, "the input has another size")
        precondition(rgb.count >= 3 * pictureWidth * pictureHeight, "the picture is cut short")
        prepare(pictureWidth, pictureHeight)
        if placement.width != width || placement.height != height {
            for index in input.indices { input[index] = 0 }
        }
        if resampler == nil {
            copyRows(of: rgb, into: &input)
        } else {
            for row in 0..<placement.height {
                resampler?.write(row, of: rgb)
                writeRow(row, into: &input)
            }
        }
    }

    /// Makes the tables for pictures of a size, unless they stand already.
    private mutating func prepare(_ pictureWidth: Int, _ pictureHeight: Int) {
        let known = (placement.pictureWidth, placement.pictureHeight)
        guard known != (pictureWidth, pictureHeight) else {
            resampler?.startPicture()
            return
        }
        placement = PicturePlacement(
            pictureWidth: pictureWidth, pictureHeight: pictureHeight, inputWidth: width,
            inputHeight: height, fit: fit)
        let isCopy = placement.width == pictureWidth && placement.height == pictureHeight
        resampler = isCopy ? nil : Resampler(placement)
    }

    private func copyRows(of rgb: Span<UInt8>, into input: inout MutableSpan<Float>) {
        for row in 0..<placement.height {
            let from = 3 * row * placement.width
            for channel in 0..<3 {
                let to = (channel * height + placement.top + row) * width + placement.left
                let source = normalization.source(of: channel)
                normalizeInterleaved(
                    rgb.extracting(from + source..<from + 3 * placement.width), into: &input,
                    at: to, count: placement.width, mean: normalization.mean[channel],
                    deviation: normalization.deviation[channel])
            }
        }
    }

    private func writeRow(_ row: Int, into input: inout MutableSpan<Float>) {
        guard let resampler else { return }
        let values = resampler.row.span
        for channel in 0..<3 {
            let to = (channel * height + placement.top + row) * width + placement.left
            let from = normalization.source(of: channel) * placement.width
            normalize(
                values.extracting(from..<from + placement.width), into: &input, at: to,
                mean: normalization.mean[channel], deviation: normalization.deviation[channel])
        }
    }
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

    /// Which channel of an RGB picture the network's channel is.
    func source(of channel: Int) -> Int { channels == .rgb ? channel : 2 - channel }
}

private func normalize(
    _ values: Span<Float>, into input: inout MutableSpan<Float>, at start: Int, mean: Float,
    deviation: Float
) {
    precondition(start >= 0 && start + values.count <= input.count)
    for index in values.indices { input[start + index] = (values[index] - mean) / deviation }
}

private func normalizeInterleaved(
    _ values: Span<UInt8>, into input: inout MutableSpan<Float>, at start: Int, count: Int,
    mean: Float, deviation: Float
) {
    precondition(start >= 0 && start + count <= input.count)
    for index in 0..<count {
        input[start + index] = (Float(values[3 * index]) - mean) / deviation
    }
}
