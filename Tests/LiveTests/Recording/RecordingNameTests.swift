import Foundation
import Testing

@testable import Live

struct RecordingNameTests {
    @Test func namesAreParsedAndOtherFilesAreNot() throws {
        let name = RecordingName(
            camera: "gate-2", at: Date(timeIntervalSince1970: 1_700_000_000.25), isClip: true)
        #expect(name.stem == "gate-2-20231114T221320.250Z-clip")
        #expect(RecordingName(file: name.stem + ".partial.mp4", camera: "gate-2") == name)
        #expect(name.time == 1_700_000_000.25)
        for other in [
            "gate-2-20231114T221320.250Z.txt", "gate-2-20231114T221320Z.mp4", "holiday.mp4",
            "gate-2-20231114T221320.250Z-old.mp4", "yard-20231114T221320.250Z.mp4",
            "gate-2-20231114T221320.250Z", "gate-2-2023x114T221320.250Z.mp4",
        ] {
            #expect(RecordingName(file: other, camera: "gate-2") == nil, "\(other)")
        }
    }
}
