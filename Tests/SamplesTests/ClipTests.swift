import Testing

@testable import road_scene

struct ClipTests {
    private var small: ClipSettings {
        var settings = ClipSettings()
        settings.width = 128
        settings.height = 72
        return settings
    }

    private func truth(_ frame: Clip.Frame) -> [String] { frame.truth.map { $0.line(frame: 1) } }

    @Test(arguments: Daylight.allCases)
    func sameSeedGivesSameFramesAndGroundTruth(daylight: Daylight) {
        var settings = small
        settings.daylight = daylight
        var first = Clip(settings)
        var second = Clip(settings)
        for _ in 0..<3 {
            let (one, other) = (first.next(), second.next())
            #expect(one.rgb == other.rgb)
            #expect(truth(one) == truth(other))
        }
    }

    @Test func differentSeedsGiveDifferentScenes() {
        var settings = small
        var first = Clip(settings)
        settings.seed += 1
        var second = Clip(settings)
        let (one, other) = (first.next(), second.next())
        #expect(one.rgb != other.rgb)
        #expect(truth(one) != truth(other))
    }

    @Test func skippingReachesTheSameStateAsRendering() {
        var drawn = Clip(small)
        var skipped = Clip(small)
        for _ in 0..<5 {
            _ = drawn.next()
            skipped.skip()
        }
        #expect(drawn.next().rgb == skipped.next().rgb)
    }

    @Test func duskIsDarkerThanDay() {
        func brightness(_ daylight: Daylight) -> Int {
            var settings = small
            settings.daylight = daylight
            var clip = Clip(settings)
            return clip.next().rgb.reduce(0) { $0 + Int($1) }
        }
        #expect(brightness(.dusk) * 4 < brightness(.day) * 3)
    }

    @Test func groundTruthIsInsideTheImageWithUniqueIdentities() {
        var settings = small
        settings.width = 192
        settings.height = 108
        var clip = Clip(settings)
        for _ in 0..<6 {
            let truth = clip.next().truth
            #expect(!truth.isEmpty)
            #expect(Set(truth.map(\.id)).count == truth.count)
            for box in truth {
                #expect(box.left >= 0 && box.top >= 0 && box.width > 0 && box.height > 0)
                #expect(box.left + box.width <= 192 && box.top + box.height <= 108)
                #expect(box.visibility > 0 && box.visibility <= 1)
            }
            for _ in 0..<40 { clip.skip() }
        }
    }
}
