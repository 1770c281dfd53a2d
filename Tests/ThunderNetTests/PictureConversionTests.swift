import Pixels
import Tensors
import Testing

@testable import ThunderNet

/// Decoded frames give the same input as the same images in RGB.
struct PictureConversionTests {
    static let formats: [PixelFormat] = [
        .yuv420, .nv12, .rgb24, PixelFormat(layout: .gray),
        PixelFormat(layout: .planar), PixelFormat(layout: .planar, chromaShiftX: 1),
        PixelFormat(layout: .planar, chromaShiftX: 2),
        PixelFormat(layout: .planar, depth: 10, chromaShiftX: 1, chromaShiftY: 1),
        PixelFormat(layout: .planar, depth: 12), PixelFormat(layout: .planar, depth: 16),
        PixelFormat(layout: .semiPlanar, depth: 10, shift: 6, chromaShiftX: 1, chromaShiftY: 1),
    ]
    static let colors: [ColorDescription] = [
        .bt601, .bt709, .bt2020,
    ].flatMap { matrix in
        [false, true].map { ColorDescription(matrix: matrix, isFullRange: $0) }
    }

    /// A frame whose left and right halves have one colour each, in code values rounded once.
    static func halves(
        _ format: PixelFormat, _ color: ColorDescription, _ width: Int, _ height: Int,
        _ left: RGBColor, _ right: RGBColor
    ) -> PictureBuffer {
        var buffer = PictureBuffer(
            format: format, width: width, height: height, color: color, rowPadding: 3)
        let inks = [left, right].map { Ink($0, format: format, color: color) }
        buffer.withMutablePicture { picture in
            for plane in 0..<format.planeCount {
                let step = format.samplesPerColumn(ofPlane: plane)
                for row in 0..<format.rows(ofPlane: plane, height: height) {
                    func value(_ index: Int, _ count: Int) -> UInt16 {
                        let ink = inks[index * 2 < count ? 0 : 1]
                        let component = step == 3 ? index % 3 : plane + (step == 2 ? index % 2 : 0)
                        return [ink.first, ink.second, ink.third][component] << format.shift
                    }
                    if format.bytesPerSample == 1 {
                        picture.withRow(plane: plane, row) { row in
                            for index in row.indices { row[index] = UInt8(value(index, row.count)) }
                        }
                    } else {
                        picture.withWideRow(plane: plane, row) { row in
                            for index in row.indices { row[index] = value(index, row.count) }
                        }
                    }
                }
            }
        }
        return buffer
    }

    /// The input after a load by the plan or by the reference.
    static func loaded(
        _ picture: borrowing PictureBuffer, _ width: Int, _ height: Int, fit: ImageFit = .stretch,
        channels: InputNormalization.Channels = .rgb
    ) -> [Float] {
        let normalization = InputNormalization(
            channels: channels, mean: [100, 110, 120], deviation: [1, 2, 4])
        var input = ImageInput(
            width: width, height: height, normalization: normalization, fit: fit)
        var numbers = [Float](repeating: .nan, count: 3 * width * height)
        var span = numbers.mutableSpan
        picture.withPicture { picture in
            let slot = input.prepare(&span, for: picture).slot
            picture.withBytes { first, second, third, rows in
                input.conversions[slot].load(
                    first, second, third, at: InlineArray { .init(rows[$0]) }, into: &span,
                    rowStride: 3 * width)
            }
        }
        return numbers
    }

    @Test(arguments: formats, colors)
    func coloursAreConvertedToTheExpectedRGB(_ format: PixelFormat, _ color: ColorDescription) {
        let isGray = format.layout == .gray
        let left = RGBColor(hex: isGray ? 0xC8C8C8 : 0xC83C28)
        let right = RGBColor(hex: isGray ? 0x141414 : 0x0A5AFA)
        let picture = Self.halves(format, color, 96, 40, left, right)
        let numbers = Self.loaded(picture, 32, 32)
        for (column, paint) in [(2, left), (29, right)] {
            let expected = [paint.red, paint.green, paint.blue].map(Float.init)
            for channel in 0..<3 {
                let number = numbers[3 * (5 * 32 + column) + channel]
                let deviation: Float = [1, 2, 4][channel]
                let mean: Float = [100, 110, 120][channel]
                #expect(
                    abs(number * deviation + mean - expected[channel]) < 2,
                    "\(format) \(color) \(channel)")
            }
        }
    }

    @Test func channelOrderAndLetterboxAreApplied() {
        let color = ColorDescription(matrix: .bt709, isFullRange: false)
        let paint = RGBColor(red: 200, green: 60, blue: 40)
        let picture = Self.halves(.yuv420, color, 64, 32, paint, paint)
        let numbers = Self.loaded(picture, 32, 32, fit: .letterbox, channels: .bgr)
        #expect(numbers[0..<3 * 8 * 32].allSatisfy { $0 == 0 })
        #expect(numbers[3 * 24 * 32..<3 * 32 * 32].allSatisfy { $0 == 0 })
        let middle = 3 * (16 * 32 + 7)
        let levels: [Float] = [40 - 100, (60 - 110) / 2, (200 - 120) / 4]
        for (channel, expected) in levels.enumerated() {
            #expect(abs(numbers[middle + channel] - expected) < 2)
        }
    }

    @Test(arguments: [(64, 32), (40, 20), (100, 61), (33, 17), (95, 47), (200, 150)])
    func framesAreResizedLikeRGBImages(_ width: Int, _ height: Int) {
        // Packed RGB passes both ways: the exact one for stills rounds to whole steps and 2048ths,
        // this one does not.
        var picture = PictureBuffer(
            format: .rgb24, width: width, height: height,
            color: ColorDescription(matrix: .bt709, isFullRange: true))
        picture.bytes = ImageInputTests.picture(width, height)
        let numbers = Self.loaded(picture, 64, 32)
        let normalization = InputNormalization(
            channels: .rgb, mean: [100, 110, 120], deviation: [1, 2, 4])
        var input = ImageInput(width: 64, height: 32, normalization: normalization, fit: .stretch)
        var expected = [Float](repeating: 0, count: numbers.count)
        var span = expected.mutableSpan
        input.fill(
            &span, ImageLayout(origin: 0, rowStride: 3 * 64), rgb: picture.bytes.span, width: width,
            height: height)
        let worst = zip(numbers, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(worst < 1)
    }

    @Test func alternatingKindsOfFramesKeepTheirConversions() {
        var input = ImageInput(
            width: 64, height: 32, normalization: ImageInputTests.plain, fit: .stretch)
        var numbers = [Float](repeating: 0, count: 3 * 64 * 32)
        func prepare(_ width: Int) -> (slot: Int, isNew: Bool) {
            let picture = PictureBuffer(
                format: .yuv420, width: width, height: 40,
                color: ColorDescription(matrix: .bt709, isFullRange: false))
            var span = numbers.mutableSpan
            return picture.withPicture { input.prepare(&span, for: $0) }
        }
        let kinds = ImageInput.keptKinds
        for width in 0..<kinds { #expect(prepare(100 + 2 * width) == (width, true)) }
        for width in 0..<kinds { #expect(prepare(100 + 2 * width) == (width, false)) }
        // One more takes the place of the oldest, and only that one.
        #expect(prepare(300) == (0, true))
        #expect(input.conversions[0].planes[0].samples == 300)
        #expect(prepare(102) == (1, false))
        #expect(prepare(100) == (1, true))
        #expect(input.conversions.count == kinds)
    }

    @Test func rgbImageAfterAFrameIsResizedForItsOwnSize() {
        // Both ways share where the picture lies, but not the tables of the exact one.
        let normalization = ImageInputTests.plain
        var input = ImageInput(width: 64, height: 32, normalization: normalization, fit: .stretch)
        var numbers = [Float](repeating: 0, count: 3 * 64 * 32)
        var span = numbers.mutableSpan
        let layout = ImageLayout(origin: 0, rowStride: 3 * 64)
        let first = ImageInputTests.picture(100, 60)
        let second = ImageInputTests.picture(90, 50)
        input.fill(&span, layout, rgb: first.span, width: 100, height: 60)
        let film = PictureBuffer(
            format: .yuv420, width: 90, height: 50,
            color: ColorDescription(matrix: .bt709, isFullRange: false))
        film.withPicture { _ = input.prepare(&span, for: $0) }
        input.fill(&span, layout, rgb: second.span, width: 90, height: 50)
        var fresh = ImageInput(width: 64, height: 32, normalization: normalization, fit: .stretch)
        var expected = [Float](repeating: 0, count: 3 * 64 * 32)
        var expectedSpan = expected.mutableSpan
        fresh.fill(&expectedSpan, layout, rgb: second.span, width: 90, height: 50)
        #expect(numbers == expected)
    }
}
