import Foundation
import Scene
import TestSupport
import Testing

@testable import draw_tracks
@testable import road_scene

struct RegenerationTests {
    /// The settings in Samples/README.md.
    @Test(arguments: [Daylight.day, .dusk], [0, 90])
    func committedGroundTruthEqualsTheProgramsOutput(daylight: Daylight, frame: Int) throws {
        var settings = ClipSettings()
        settings.daylight = daylight
        settings.seed = daylight == .day ? 7 : 11
        var clip = Clip(settings)
        for _ in 0..<frame { clip.skip() }
        let made = clip.next().truth
        let path = Shared.root.appendingPathComponent("Samples/road-\(daylight.rawValue).mot.txt")
        let kept = try TracksFile(contentsOf: path.path).objects(frame: frame + 1)
        // Floating-point results may differ by a sample between processors, and so may barely visible objects.
        let clear = made.filter { $0.width > 10 && $0.visibility > 0.5 }
        #expect(clear.count > 3)
        for box in clear {
            let same = try #require(kept.first { $0.id == box.id })
            #expect(abs(same.box.x - box.left) <= 1 && abs(same.box.y - box.top) <= 1)
            #expect(abs(same.box.width - box.width) <= 1.5)
            #expect(abs(same.box.height - box.height) <= 1.5)
            #expect(same.classIndex == box.objectClass.rawValue - 1)
        }
    }
}
