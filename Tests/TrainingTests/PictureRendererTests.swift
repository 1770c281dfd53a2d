import Datasets
import Scene
import Testing
import ThunderNet

@testable import Training

struct PictureRendererTests {
    /// Renders every pixel by the definition, in double precision.
    private func reference(_ plan: PicturePlan, _ pictures: [DecodedPicture]) -> [Double] {
        var canvas = [Double](repeating: 0, count: 3 * plan.extent.width * plan.extent.height)
        for patch in plan.patches {
            var picture = pictures[patch.picture]
            for _ in 0..<patch.level { picture = halved(picture) }
            let scale = 1 / Double(1 << patch.level)
            let (width, height) = (picture.extent.width, picture.extent.height)
            for y in patch.target.top..<patch.target.top + patch.target.height {
                for x in patch.target.left..<patch.target.left + patch.target.width {
                    let transform = SIMD4<Double>(patch.transform)
                    let across = (transform.x * (Double(x) + 0.5) + transform.y) * scale
                    let down = (transform.z * (Double(y) + 0.5) + transform.w) * scale
                    for channel in 0..<3 {
                        let isInside =
                            across >= 0 && across < Double(width) && down >= 0
                            && down < Double(height)
                        canvas[3 * (y * plan.extent.width + x) + channel] =
                            isInside
                            ? point(picture, across - 0.5, down - 0.5, channel)
                            : Double(PicturePlan.fill[channel])
                    }
                }
            }
        }
        return canvas
    }

    private func point(_ picture: DecodedPicture, _ x: Double, _ y: Double, _ c: Int) -> Double {
        func pixel(_ x: Int, _ y: Int) -> Double {
            let column = max(0, min(x, picture.extent.width - 1))
            let row = max(0, min(y, picture.extent.height - 1))
            return Double(picture.rgb[3 * (row * picture.extent.width + column) + c])
        }
        let (left, top) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
        let (across, down) = (x - Double(left), y - Double(top))
        let upper = pixel(left, top) * (1 - across) + pixel(left + 1, top) * across
        let lower = pixel(left, top + 1) * (1 - across) + pixel(left + 1, top + 1) * across
        return upper * (1 - down) + lower * down
    }

    private func halved(_ picture: DecodedPicture) -> DecodedPicture {
        let (width, height) = (max(1, picture.extent.width / 2), max(1, picture.extent.height / 2))
        var rgb: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 {
                    var sum = 2
                    for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                        let column = min(2 * x + dx, picture.extent.width - 1)
                        let row = min(2 * y + dy, picture.extent.height - 1)
                        sum += Int(picture.rgb[3 * (row * picture.extent.width + column) + channel])
                    }
                    rgb.append(UInt8(sum / 4))
                }
            }
        }
        let extent = PictureExtent(width: width, height: height)
        return DecodedPicture(extent: extent, source: extent, rgb: rgb)
    }

    private func noise(_ width: Int, _ height: Int) -> DecodedPicture {
        var random = RandomStream(seed: 2, epoch: 0, item: width, purpose: .color)
        let extent = PictureExtent(width: width, height: height)
        // Smooth enough that a 128th of a pixel makes no difference.
        return DecodedPicture(
            extent: extent, source: extent,
            rgb: (0..<3 * width * height).map { _ in UInt8(random.index(below: 60) + 90) })
    }

    private func rendered(_ plan: PicturePlan, _ pictures: [DecodedPicture]) -> [UInt8] {
        var renderer = PictureRenderer()
        var canvas: [UInt8] = []
        renderer.render(plan, from: pictures, into: &canvas)
        return canvas
    }

    @Test func imageOfTheInputSizeIsCopied() {
        let picture = noise(40, 24)
        let training = TrainingPicture(stored: 0, extent: picture.extent, annotations: [])
        let plan = PicturePlan(whole: training, extent: picture.extent)
        #expect(rendered(plan, [picture]) == picture.rgb)
    }

    /// Random positions, sizes, flips and reductions, also far outside, match the definition within rounding.
    @Test func pixelsMatchTheDefinition() {
        let pictures = [noise(61, 35), noise(30, 50), noise(1, 1), noise(7, 2)]
        var random = RandomStream(seed: 9, epoch: 0, item: 0, purpose: .geometry)
        for round in 0..<120 {
            let extent = PictureExtent(
                width: 8 + random.index(below: 60), height: 8 + random.index(below: 40))
            let picture = pictures[round % pictures.count].extent
            let zoom = random.number(in: 0.2...9)
            let source = Box(
                x: random.number(in: -1...1) * Float(picture.width),
                y: random.number(in: -1...1) * Float(picture.height),
                width: zoom * Float(extent.width), height: zoom * Float(extent.height))
            let plan = PicturePlan(
                extent: extent,
                patches: [
                    PicturePatch(
                        picture: round % pictures.count, source: source, target: PixelArea(extent),
                        isFlipped: random.happens(0.5))
                ])
            let wanted = reference(plan, pictures)
            let found = rendered(plan, pictures)
            let worst = zip(found, wanted).map { abs(Double($0) - $1) }
            // Rounding may place a point at the very edge inside or outside.
            let wrong = worst.count { $0 > 1.5 }
            #expect(wrong <= 3 * (extent.width + extent.height) / 2, "round \(round): \(wrong)")
            #expect(worst.sorted()[worst.count * 9 / 10] <= 1.5, "round \(round)")
        }
    }

    @Test func patchChangesNoPixelOutsideItsTarget() {
        let picture = noise(16, 16)
        let whole = PixelArea(PictureExtent(width: 16, height: 16))
        let small = PixelArea(left: 5, top: 6, width: 4, height: 3)
        let base = PicturePatch(picture: 0, source: whole.box, target: whole)
        let over = PicturePatch(
            picture: 0, source: Box(x: 100, y: 100, width: 8, height: 8), target: small)
        let extent = PictureExtent(width: 16, height: 16)
        let found = rendered(PicturePlan(extent: extent, patches: [base, over]), [picture])
        for y in 0..<16 {
            for x in 0..<16 {
                let isOver = (5..<9).contains(x) && (6..<9).contains(y)
                let start = 3 * (16 * y + x)
                #expect(found[start] == (isOver ? 124 : picture.rgb[start]))
            }
        }
    }

    @Test func featheredPatchIsBlended() {
        let extent = PictureExtent(width: 20, height: 20)
        let dark = DecodedPicture(
            extent: extent, source: extent, rgb: [UInt8](repeating: 0, count: 1200))
        let light = DecodedPicture(
            extent: extent, source: extent, rgb: [UInt8](repeating: 240, count: 1200))
        let whole = PixelArea(extent)
        let plan = PicturePlan(
            extent: extent,
            patches: [
                PicturePatch(picture: 0, source: whole.box, target: whole),
                PicturePatch(
                    picture: 1, source: Box(x: 0, y: 0, width: 10, height: 10),
                    target: PixelArea(left: 5, top: 5, width: 10, height: 10), feather: 3),
            ])
        let found = rendered(plan, [dark, light])
        let row = (4..<11).map { found[3 * (20 * 10 + $0)] }
        #expect(row == [0, 40, 120, 200, 240, 240, 240])
    }

    @Test func inputsAreNormalizedInBothLayoutsAndPrecisions() {
        let canvas = noise(9, 5).rgb
        let color = ColorMatrix.saturation(0.5).followed(by: .gain(SIMD3(repeating: 2)))
        var normalization = InputNormalization.imageNet
        normalization.channels = .bgr
        var planes = [Float](repeating: 0, count: canvas.count)
        var pixels = planes
        var narrow = [UInt16](repeating: 0, count: canvas.count)
        var span = planes.mutableSpan
        InputWriter(normalization, order: .planes).write(canvas.span, color, into: &span)
        span = pixels.mutableSpan
        InputWriter(normalization, order: .pixels).write(canvas.span, color, into: &span)
        var words = narrow.mutableSpan
        InputWriter(normalization, order: .planes).write(canvas.span, color, into: &words)
        for pixel in 0..<45 {
            let old = SIMD3(
                Float(canvas[3 * pixel]), Float(canvas[3 * pixel + 1]),
                Float(canvas[3 * pixel + 2]))
            let new = color.applied(to: old)
            for channel in 0..<3 {
                let value = max(0, min(new[2 - channel], 255))
                let wanted =
                    (value - normalization.mean[channel]) / normalization.deviation[channel]
                let found = planes[45 * channel + pixel]
                #expect(abs(found - wanted) < 1e-4)
                #expect(pixels[3 * pixel + channel] == found)
                let wide = Float(bitPattern: UInt32(narrow[45 * channel + pixel]) << 16)
                #expect(abs(wide - found) <= abs(found) / 256)
            }
        }
    }
}
