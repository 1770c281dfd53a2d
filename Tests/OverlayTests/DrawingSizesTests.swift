import Testing

@testable import Overlay

@Suite struct DrawingSizesTests {
    @Test func sizesFollowTheHeight() {
        let small = sizes(640, 360)
        let large = sizes(1920, 1080)
        #expect(small.line == 1 && large.line == 3)
        #expect(small.textHeight == 10 && large.textHeight == 21)
        #expect(sizes(3840, 2160).textHeight == 42)
    }

    @Test func portraitAndLandscapeHaveTheSameSizes() {
        #expect(sizes(1080, 1920) == sizes(1920, 1080))
    }

    @Test func widePixelsGiveNarrowLetters() {
        // PAL widescreen: 720 × 576 samples shown as 1024 × 576.
        let wide = sizes(720, 576, aspect: 64 / 45)
        #expect(wide.textHeight == 11 && wide.textWidth == 8)
        let narrow = sizes(1440, 1080, aspect: 0.25)
        #expect(narrow.verticalLine == 4 * narrow.line)
    }

    @Test func hostileNumbersGiveUsableSizes() {
        for hostile in [Float.nan, .infinity, -.infinity, 0, -1, 1e30, .leastNonzeroMagnitude] {
            var options = OverlayOptions()
            options.lineScale = hostile
            options.textScale = hostile
            let sizes = DrawingSizes(
                width: 1920, height: 1080, sampleAspect: hostile, options: options)
            #expect((1...240).contains(sizes.line) && (1...240).contains(sizes.verticalLine))
            #expect((6...2000).contains(sizes.textHeight))
            #expect((4...2000).contains(sizes.textWidth))
        }
    }

    private func sizes(_ width: Int, _ height: Int, aspect: Float = 1) -> DrawingSizes {
        DrawingSizes(
            width: width, height: height, sampleAspect: aspect, options: OverlayOptions())
    }
}
