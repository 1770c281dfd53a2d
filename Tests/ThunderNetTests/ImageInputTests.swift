import Scene
import Testing

@testable import ThunderNet

/// Preprocessing is bit-identical to OpenCV's.
struct ImageInputTests {
    /// A resize and the digest of OpenCV 5.0's result.
    ///
    ///     i = np.arange(W * H * 3, dtype=np.uint64)
    ///     p = ((i * 2654435761 + 12345) >> 13) % 256            # as bytes, H × W × 3
    ///     area = W / w > 1.5 or H / h > 1.5
    ///     r = cv2.resize(p, (w, h), interpolation=cv2.INTER_AREA if area else cv2.INTER_LINEAR)
    ///     digest = FNV-1a, 64 bits, over r.tobytes()
    struct Resize: Sendable {
        var width, height, targetWidth, targetHeight: Int
        var digest: UInt64

        init(_ width: Int, _ height: Int, _ targetWidth: Int, _ targetHeight: Int, _ digest: UInt64)
        {
            (self.width, self.height) = (width, height)
            (self.targetWidth, self.targetHeight) = (targetWidth, targetHeight)
            self.digest = digest
        }
    }

    // swift-format-ignore
    static let resizes = [
        Resize(640, 360, 640, 352, 0xd43bc48053e4971e),  // linear
        Resize(33, 17, 64, 32, 0x867d847fbb2e932b),  // linear, both sides grow
        Resize(100, 50, 96, 64, 0x843717dc3b34ee0a),  // linear, one grows
        Resize(47, 91, 32, 96, 0xb1158a97750a97c3),  // linear
        Resize(96, 50, 96, 64, 0xc3679946e1b8209e),  // linear, one stays
        Resize(1, 1, 32, 32, 0x3ce0773712b2df25),  // linear, one pixel
        Resize(5, 3, 32, 64, 0x479190263cf0c3aa),  // linear
        Resize(64, 64, 32, 32, 0xf405cc85ae83acaa),  // area, 2×2
        Resize(96, 96, 32, 32, 0xf236f673cd00b0c1),  // area, 3×3
        Resize(128, 96, 32, 64, 0x21184a9d4c59accf),  // area, 4 and 1.5
        Resize(128, 128, 32, 32, 0xf70075910c645af7),  // area, 4×4
        Resize(101, 77, 64, 32, 0x95bd036725644fcf),  // area, fractions
        Resize(100, 30, 32, 32, 0xfbdb11934090397f),  // area asked for, but one side grows
        Resize(30, 100, 32, 32, 0x0cea746940471da4),  // area asked for, but one side grows
        Resize(192, 108, 96, 64, 0xad0a09620bc47865),  // area, 2 and a fraction
        Resize(145, 97, 96, 64, 0x1663cfe8cc3587af),  // area, just beyond the limit
        Resize(200, 64, 64, 64, 0xbb4d1d611e2b300c),  // area, one side stays
    ]

    static let plain = InputNormalization(
        channels: .rgb, mean: [0, 0, 0], deviation: [1, 1, 1])

    static func picture(_ width: Int, _ height: Int) -> [UInt8] {
        (0..<UInt64(width * height * 3)).map {
            UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761 &+ 12345) >> 13)
        }
    }

    /// The input as planes.
    static func planes(
        _ input: inout ImageInput, _ rgb: [UInt8], _ width: Int, _ height: Int
    ) -> [Float] {
        let border = 5
        let rowStride = 3 * input.width + 7
        var numbers = [Float](repeating: .nan, count: border + rowStride * input.height)
        let layout = ImageLayout(origin: border, rowStride: rowStride)
        var span = numbers.mutableSpan
        input.fill(&span, layout, rgb: rgb.span, width: width, height: height)
        let area = input.width * input.height
        return (0..<3 * area).map { index in
            let (row, column) = (index % area).quotientAndRemainder(dividingBy: input.width)
            return numbers[layout.index(row: row, column: column) + index / area]
        }
    }

    /// FNV-1a over the interleaved bytes.
    static func digest(_ planes: [Float]) -> UInt64 {
        let area = planes.count / 3
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for place in 0..<area {
            for channel in 0..<3 {
                hash = (hash ^ UInt64(planes[channel * area + place])) &* 0x100_0000_01b3
            }
        }
        return hash
    }

    @Test(arguments: resizes)
    func resizesMatchOpenCV(_ resize: Resize) {
        var input = ImageInput(
            width: resize.targetWidth, height: resize.targetHeight, normalization: Self.plain,
            fit: .stretch)
        let picture = Self.picture(resize.width, resize.height)
        let first = Self.planes(&input, picture, resize.width, resize.height)
        #expect(Self.digest(first) == resize.digest)
        let second = Self.planes(&input, picture, resize.width, resize.height)
        #expect(first == second, "a second picture of the same size must not see the first")
    }

    @Test func imageOfTheInputsSizeIsOnlyNormalised() {
        let normalization = InputNormalization(
            channels: .rgb, mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375])
        var input = ImageInput(width: 64, height: 32, normalization: normalization, fit: .stretch)
        let picture = Self.picture(64, 32)
        let planes = Self.planes(&input, picture, 64, 32)
        for place in 0..<64 * 32 {
            for channel in 0..<3 {
                let value = Float(picture[3 * place + channel])
                let expected =
                    (value - normalization.mean[channel]) / normalization.deviation[channel]
                #expect(planes[channel * 64 * 32 + place] == expected)
            }
        }
    }

    @Test(arguments: [(64, 32), (96, 50)])
    func blueFirstSwapsRedAndBlue(_ width: Int, _ height: Int) {
        var normalization = Self.plain
        var straight = ImageInput(
            width: 64, height: 32, normalization: normalization, fit: .stretch)
        normalization.channels = .bgr
        var turned = ImageInput(
            width: 64, height: 32, normalization: normalization, fit: .stretch)
        let picture = Self.picture(width, height)
        let rgb = Self.planes(&straight, picture, width, height)
        let bgr = Self.planes(&turned, picture, width, height)
        let area = 64 * 32
        #expect(Array(bgr[0..<area]) == Array(rgb[2 * area..<3 * area]))
        #expect(Array(bgr[area..<2 * area]) == Array(rgb[area..<2 * area]))
        #expect(Array(bgr[2 * area..<3 * area]) == Array(rgb[0..<area]))
    }

    @Test func letterboxKeepsTheAspectRatioAndFillsWithTheMean() {
        var normalization = Self.plain
        normalization.mean = [10, 20, 30]
        var boxed = ImageInput(
            width: 64, height: 64, normalization: normalization, fit: .letterbox)
        var alone = ImageInput(width: 64, height: 32, normalization: normalization, fit: .stretch)
        let picture = Self.picture(100, 50)
        let inside = Self.planes(&alone, picture, 100, 50)
        let whole = Self.planes(&boxed, picture, 100, 50)
        for channel in 0..<3 {
            let plane = Array(whole[channel * 4096..<(channel + 1) * 4096])
            #expect(plane[0..<1024].allSatisfy { $0 == 0 })
            #expect(
                Array(plane[1024..<3072]) == Array(inside[channel * 2048..<(channel + 1) * 2048]))
            #expect(plane[3072...].allSatisfy { $0 == 0 })
        }
    }

    @Test(arguments: ImageFit.allCases)
    func boxesAreMappedBackToTheImage(_ fit: ImageFit) {
        let placement = ImagePlacement(
            imageWidth: 1280, imageHeight: 720, inputWidth: 320, inputHeight: 320, fit: fit)
        let height: Float = fit == .stretch ? 320 : 180
        let top: Float = fit == .stretch ? 0 : 70
        let half = Box(x: 0, y: top + height / 4, width: 160, height: height / 2)
        #expect(placement.imageBox(of: half) == Box(x: 0, y: 180, width: 640, height: 360))
        let outside = Box(x: -9, y: -9, width: 400, height: 400)
        #expect(placement.imageBox(of: outside) == Box(x: 0, y: 0, width: 1280, height: 720))
    }

    @Test func imagesOfAnotherSizeGetTheirOwnTables() {
        var input = ImageInput(width: 96, height: 64, normalization: Self.plain, fit: .stretch)
        for resize in Self.resizes where resize.targetWidth == 96 {
            let picture = Self.picture(resize.width, resize.height)
            let planes = Self.planes(&input, picture, resize.width, resize.height)
            #expect(Self.digest(planes) == resize.digest)
        }
    }
}
