import Pixels
import TestSupport
import Testing

/// All pixel formats that can be drawn on.
let drawableFormats: [PixelFormat] =
    [8, 10, 12, 16].flatMap { depth in
        [
            PixelFormat(layout: .gray, depth: depth),
            PixelFormat(layout: .planar, depth: depth),
            PixelFormat(layout: .planar, depth: depth, chromaShiftX: 1),
            PixelFormat(layout: .planar, depth: depth, chromaShiftX: 1, chromaShiftY: 1),
            PixelFormat(layout: .semiPlanar, depth: depth, chromaShiftX: 1, chromaShiftY: 1),
        ]
    } + [
        PixelFormat(layout: .planar, depth: 8, chromaShiftX: 2),
        PixelFormat(layout: .semiPlanar, depth: 10, shift: 6, chromaShiftX: 1, chromaShiftY: 1),
        .rgb24,
    ]

@Suite struct StencilTests {
    static let ink = Ink(first: 200, second: 30, third: 251)

    @Test(arguments: drawableFormats)
    func paintingEqualsTheReferenceAndKeepsUncoveredBits(_ format: PixelFormat) {
        var random = SeededGenerator(seed: UInt64(format.depth * 64 + format.chromaShiftX))
        var stencil = Stencil()
        for size in [(1, 1), (2, 2), (5, 3), (16, 8), (17, 9), (31, 2)] {
            for _ in 0..<12 {
                let (width, height) = size
                var buffer = noise(format, width, height, &random)
                var expected = Reference(buffer.bytes, format, width, height)
                let left = Int.random(in: -4...width + 2, using: &random)
                let top = Int.random(in: -4...height + 2, using: &random)
                let columns = left..<left + Int.random(in: 0...width + 6, using: &random)
                let rows = top..<top + Int.random(in: 0...height + 6, using: &random)
                let mask = (0..<columns.count * rows.count).map { _ in
                    [0, 0, 255, 255, UInt8.random(in: 0...255, using: &random)]
                        .randomElement(using: &random) ?? 0
                }
                buffer.withMutablePicture {
                    stencil.paint(
                        StencilTests.ink, mask: mask, offset: 0, columns: columns, rows: rows,
                        on: &$0)
                }
                expected.paint(StencilTests.ink, mask, columns, rows)
                #expect(buffer.bytes == expected.bytes, "\(size) \(columns) \(rows)")
            }
        }
    }

    @Test(arguments: drawableFormats)
    func filledRectangleEqualsAUniformMask(_ format: PixelFormat) {
        var random = SeededGenerator(seed: UInt64(format.depth))
        var stencil = Stencil()
        for (width, height) in [(1, 1), (5, 3), (16, 8), (17, 9), (2, 31)] {
            for opacity in [UInt8(0), 1, 90, 254, 255] {
                var buffer = noise(format, width, height, &random)
                var expected = Reference(buffer.bytes, format, width, height)
                let left = Int.random(in: -2...width, using: &random)
                let top = Int.random(in: -2...height, using: &random)
                let columns = left..<left + Int.random(in: 0...width + 3, using: &random)
                let rows = top..<top + Int.random(in: 0...height + 3, using: &random)
                buffer.withMutablePicture {
                    stencil.fill(
                        StencilTests.ink, opacity: opacity, columns: columns, rows: rows, on: &$0)
                }
                let mask = [UInt8](repeating: opacity, count: columns.count * rows.count)
                expected.paint(StencilTests.ink, mask, columns, rows)
                #expect(buffer.bytes == expected.bytes, "\(columns) \(rows) of \(width)×\(height)")
            }
        }
    }

    @Test func opaqueRectangleHasTheInkValues() {
        var buffer = PictureBuffer(
            format: .yuv420, width: 8, height: 6,
            color: ColorDescription(matrix: .bt601, isFullRange: false))
        var stencil = Stencil()
        buffer.withMutablePicture {
            stencil.fill(StencilTests.ink, columns: 2..<6, rows: 2..<4, on: &$0)
        }
        let luma = [UInt8](repeating: 0, count: 16) + [0, 0, 200, 200, 200, 200, 0, 0]
        #expect(Array(buffer.bytes[0..<24]) == luma)
        #expect(Array(buffer.bytes[48..<60]) == [0, 0, 0, 0, 0, 30, 30, 0, 0, 0, 0, 0])
        #expect(Array(buffer.bytes[60..<72]) == [0, 0, 0, 0, 0, 251, 251, 0, 0, 0, 0, 0])
    }

    @Test func halfCoveredChromaSampleIsBlendedByHalf() {
        var buffer = PictureBuffer(
            format: .yuv420, width: 4, height: 2,
            color: ColorDescription(matrix: .bt601, isFullRange: false))
        var stencil = Stencil()
        buffer.withMutablePicture {
            stencil.fill(StencilTests.ink, columns: 1..<2, rows: 0..<2, on: &$0)
        }
        #expect(buffer.bytes == [0, 200, 0, 0, 0, 200, 0, 0, 15, 0, 126, 0])
    }

    /// Picture of noise with padding at the end of each row.
    private func noise(
        _ format: PixelFormat, _ width: Int, _ height: Int, _ random: inout SeededGenerator
    ) -> PictureBuffer {
        var buffer = PictureBuffer(
            format: format, width: width, height: height,
            color: ColorDescription(matrix: .bt709, isFullRange: false),
            rowPadding: Reference.padding)
        buffer.bytes = buffer.bytes.indices.map { index in
            // Samples must not exceed the depth: the high byte of a 16-bit word stays within its bits.
            let isHighByte = format.bytesPerSample == 2 && index % 2 == 1
            let bits = isHighByte ? format.depth + format.shift - 8 : 8
            return UInt8.random(in: 0...UInt8((1 << bits) - 1), using: &random)
        }
        return buffer
    }
}

/// Reference implementation of painting, sample by sample.
struct Reference {
    static let padding = 3
    var bytes: [UInt8]
    let format: PixelFormat
    let width: Int
    let height: Int

    init(_ bytes: [UInt8], _ format: PixelFormat, _ width: Int, _ height: Int) {
        self.bytes = bytes
        self.format = format
        self.width = width
        self.height = height
    }

    mutating func paint(_ ink: Ink, _ mask: [UInt8], _ columns: Range<Int>, _ rows: Range<Int>) {
        var base = 0
        for plane in 0..<format.planeCount {
            let shiftX = plane == 0 ? 0 : format.chromaShiftX
            let shiftY = plane == 0 ? 0 : format.chromaShiftY
            let perColumn = format.samplesPerColumn(ofPlane: plane)
            let stride =
                format.columns(ofPlane: plane, width: width) * perColumn + Reference.padding
            for row in 0..<format.rows(ofPlane: plane, height: height) {
                for column in 0..<format.columns(ofPlane: plane, width: width) {
                    let block = (0..<height).filter { $0 >> shiftY == row }.flatMap { y in
                        (0..<width).filter { $0 >> shiftX == column }.map { x in
                            columns.contains(x) && rows.contains(y)
                                ? Int(
                                    mask[
                                        (y - rows.lowerBound) * columns.count + x
                                            - columns.lowerBound]) : 0
                        }
                    }
                    let sum = block.reduce(0, +)
                    let weight = (sum + block.count / 2) / block.count
                    for component in 0..<perColumn where weight > 0 {
                        let value = [ink.first, ink.second, ink.third][
                            format.layout == .packedRGB ? component : plane + component]
                        let at = base + (row * stride + column * perColumn + component)
                        blend(at, Int(value), weight)
                    }
                }
            }
            base += stride * format.rows(ofPlane: plane, height: height)
        }
    }

    private mutating func blend(_ sample: Int, _ value: Int, _ weight: Int) {
        guard format.bytesPerSample == 2 else {
            bytes[sample] = UInt8(
                (Int(bytes[sample]) * (255 - weight) + value * weight + 127) / 255)
            return
        }
        let word = Int(bytes[2 * sample]) + Int(bytes[2 * sample + 1]) << 8
        let old = word >> format.shift
        let new = ((old * (255 - weight) + value * weight + 127) / 255) << format.shift
        bytes[2 * sample] = UInt8(new & 255)
        bytes[2 * sample + 1] = UInt8(new >> 8)
    }
}
