import Testing
import Video

struct FFmpegVersionsTests {
    @Test func everyLibraryHasAMajorVersion() {
        #expect(FFmpegVersions.all.count == 5)
        for text in FFmpegVersions.all {
            let major = text.split(separator: " ").last?.split(separator: ".").first
            #expect((major.flatMap { Int($0) } ?? 0) > 0, "\(text)")
        }
    }
}
