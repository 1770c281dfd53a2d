import Testing

@testable import Overlay

@Suite struct MeasuresTests {
    @Test func sizesFollowThePicturesHeight() {
        let small = measures(640, 360)
        let large = measures(1920, 1080)
        #expect(small.line == 1 && large.line == 3)
        #expect(small.textHeight == 10 && large.textHeight == 21)
        #expect(measures(3840, 2160).textHeight == 42)
    }

    @Test func anUprightPictureHasTheSizesOfALyingOne() {
        #expect(measures(1080, 1920) == measures(1920, 1080))
    }

    @Test func widePixelsMakeNarrowLetters() {
        // PAL widescreen: 720 × 576 samples shown as 1024 × 576.
        let wide = measures(720, 576, aspect: 64 / 45)
        #expect(wide.textHeight == 11 && wide.textWidth == 8)
        let narrow = measures(1440, 1080, aspect: 0.25)
        #expect(narrow.verticalLine == 4 * narrow.line)
    }

    @Test func hostileNumbersGiveUsableSizes() {
        for hostile in [Float.nan, .infinity, -.infinity, 0, -1, 1e30, .leastNonzeroMagnitude] {
            var options = OverlayOptions()
            options.lineScale = hostile
            options.textScale = hostile
            let measures = Measures(
                width: 1920, height: 1080, sampleAspect: hostile, options: options)
            #expect((1...240).contains(measures.line) && (1...240).contains(measures.verticalLine))
            #expect((6...2000).contains(measures.textHeight))
            #expect((4...2000).contains(measures.textWidth))
        }
    }

    private func measures(_ width: Int, _ height: Int, aspect: Float = 1) -> Measures {
        Measures(
            width: width, height: height, sampleAspect: aspect, options: OverlayOptions())
    }
}
