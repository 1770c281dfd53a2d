public import ThunderNet

/// Memory layout of one input.
public enum InputOrder: Hashable, Sendable {
    /// One plane per channel (NCHW).
    case planes
    /// Interleaved channels (NHWC, channels last).
    case pixels
}

/// Converts rendered pixels into network inputs: color transform, clamping, normalization.
public struct InputWriter: Sendable {
    private let normalization: InputNormalization
    private let order: InputOrder

    /// Creates a writer for a model's normalization.
    public init(_ normalization: InputNormalization, order: InputOrder) {
        self.normalization = normalization
        self.order = order
    }

    /// Writes one image in float32.
    ///
    /// - Parameters:
    ///   - canvas: 8-bit RGB pixels.
    ///   - color: Color transform.
    ///   - numbers: Output, with as many elements as `canvas` has bytes.
    public func write(
        _ canvas: Span<UInt8>, _ color: ColorMatrix, into numbers: inout MutableSpan<Float>
    ) {
        let change = NormalizedColor(color, normalization)
        let count = canvas.count / 3
        precondition(numbers.count >= 3 * count, "the output is too small")
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

    /// Writes one image in bfloat16, rounded to nearest, ties to even; parameters as for float32.
    public func write(
        _ canvas: Span<UInt8>, _ color: ColorMatrix, into numbers: inout MutableSpan<UInt16>
    ) {
        let change = NormalizedColor(color, normalization)
        let count = canvas.count / 3
        precondition(numbers.count >= 3 * count, "the output is too small")
        // A short float32 buffer splits the work into two simple loops that the compiler can vectorize.
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

    /// Pixels converted to bfloat16 per iteration.
    private static let chunk = 512

    /// Applies a color transform to rendered pixels in place, for display.
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

/// Color transform, clamping and normalization combined; the clamping range 0 to 255 is normalized, too.
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

/// Converts float32 to bfloat16, rounded to nearest, ties to even.
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
