public import ThunderNet

/// Order of the numbers of one input.
public enum InputOrder: Hashable, Sendable {
    /// A plane for each channel (NCHW).
    case planes
    /// The channels of a pixel side by side (NHWC, "channels last").
    case pixels
}

/// Turns rendered pixels into the numbers that a network reads: colours changed, clamped, normalised.
public struct InputWriter: Sendable {
    private let normalization: InputNormalization
    private let order: InputOrder

    /// A writer for a model's normalisation.
    public init(_ normalization: InputNormalization, order: InputOrder) {
        self.normalization = normalization
        self.order = order
    }

    /// Writes one picture in float32.
    ///
    /// - Parameters:
    ///   - canvas: Three bytes a pixel.
    ///   - color: What becomes of the colours.
    ///   - numbers: As many as `canvas` has bytes.
    public func write(
        _ canvas: Span<UInt8>, _ color: ColorMatrix, into numbers: inout MutableSpan<Float>
    ) {
        let change = NormalizedColor(color, normalization)
        let count = canvas.count / 3
        precondition(numbers.count >= 3 * count, "the input is too small")
        switch order {
        case .planes:
            for pixel in 0..<count {
                let value = change.value(canvas, at: 3 * pixel)
                numbers[pixel] = value.x
                numbers[count + pixel] = value.y
                numbers[2 * count + pixel] = value.z
            }
        case .pixels:
            for pixel in 0..<count {
                let value = change.value(canvas, at: 3 * pixel)
                for channel in 0..<3 { numbers[3 * pixel + channel] = value[channel] }
            }
        }
    }

    /// Writes one picture in bfloat16, rounded to nearest, ties to even; see the other form.
    public func write(
        _ canvas: Span<UInt8>, _ color: ColorMatrix, into numbers: inout MutableSpan<UInt16>
    ) {
        let change = NormalizedColor(color, normalization)
        let count = canvas.count / 3
        precondition(numbers.count >= 3 * count, "the input is too small")
        // Through a short row of floats: two plain loops become vector instructions where one does not.
        var row = [Float](repeating: 0, count: 3 * Self.chunk)
        for start in stride(from: 0, to: count, by: Self.chunk) {
            let pixels = min(Self.chunk, count - start)
            let isPlanar = order == .planes
            var wide = row.mutableSpan
            for pixel in 0..<pixels {
                let value = change.value(canvas, at: 3 * (start + pixel))
                let place = isPlanar ? pixel : 3 * pixel
                let step = isPlanar ? pixels : 1
                for channel in 0..<3 { wide[place + channel * step] = value[channel] }
            }
            if isPlanar {
                for channel in 0..<3 {
                    narrow(
                        wide.span, channel * pixels, pixels, into: &numbers,
                        at: channel * count + start)
                }
            } else {
                narrow(wide.span, 0, 3 * pixels, into: &numbers, at: 3 * start)
            }
        }
    }

    /// Pixels that are narrowed at once.
    private static let chunk = 512

    /// Changes the colours of rendered pixels in place, for people to look at.
    public static func recolor(_ canvas: inout [UInt8], _ color: ColorMatrix) {
        for start in stride(from: 0, to: canvas.count - 2, by: 3) {
            let old = SIMD3(
                Float(canvas[start]), Float(canvas[start + 1]), Float(canvas[start + 2]))
            let new = color.applied(to: old).clamped(
                lowerBound: SIMD3(), upperBound: SIMD3(repeating: 255))
            for channel in 0..<3 { canvas[start + channel] = UInt8(new[channel].rounded()) }
        }
    }
}

/// Colour change, clamp and normalisation in one: the clamp is that of 0 to 255, seen after normalisation.
private struct NormalizedColor {
    private let red, green, blue, offset, least, most: SIMD4<Float>

    init(_ color: ColorMatrix, _ normalization: InputNormalization) {
        func arranged(_ column: SIMD3<Float>) -> SIMD4<Float> {
            let turned = normalization.channels == .bgr
            return turned
                ? SIMD4(column.z, column.y, column.x, 0) : SIMD4(column.x, column.y, column.z, 0)
        }
        let mean = SIMD4(
            normalization.mean[0], normalization.mean[1], normalization.mean[2], 0)
        let scale =
            1
            / SIMD4(
                normalization.deviation[0], normalization.deviation[1], normalization.deviation[2],
                1)
        red = arranged(color.red) * scale
        green = arranged(color.green) * scale
        blue = arranged(color.blue) * scale
        offset = (arranged(color.offset) - mean) * scale
        least = (SIMD4() - mean) * scale
        most = (SIMD4(repeating: 255) - mean) * scale
    }

    @inline(__always)
    func value(_ canvas: Span<UInt8>, at place: Int) -> SIMD4<Float> {
        let sum =
            red * Float(canvas[place]) + green * Float(canvas[place + 1])
            + blue * Float(canvas[place + 2]) + offset
        let low = sum.replacing(with: least, where: sum .< least)
        return low.replacing(with: most, where: low .> most)
    }
}

/// Numbers in bfloat16, rounded to nearest, ties to even.
private func narrow(
    _ wide: Span<Float>, _ first: Int, _ count: Int, into numbers: inout MutableSpan<UInt16>,
    at place: Int
) {
    let wide = wide.extracting(first..<first + count)
    var narrow = numbers._mutatingExtracting(place..<place + count)
    for index in 0..<min(wide.count, narrow.count) {
        let bits = wide[index].bitPattern
        narrow[index] = UInt16(
            truncatingIfNeeded: (bits &+ 0x7FFF &+ ((bits &>> 16) & 1)) &>> 16)
    }
}
