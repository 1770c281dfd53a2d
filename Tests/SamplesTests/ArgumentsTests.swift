import Testing

@testable import road_scene

struct RequestTests {
    @Test func optionsAreTaken() throws {
        let request = try #require(
            Request([
                "--light", "dusk", "--seconds", "2", "--seed", "5", "--size", "320x180", "-o",
                "a.mp4",
            ]))
        #expect(request.path == "a.mp4")
        #expect(request.settings.daylight == .dusk)
        #expect(request.settings.frames == 60)
        #expect(request.settings.seed == 5)
        #expect(request.settings.width == 320 && request.settings.height == 180)
    }

    @Test(arguments: [
        [], ["-o"], ["-o", "a.txt"], ["-o", "a.mp4", "--light", "noon"],
        ["-o", "a.mp4", "--seconds", "-1"],
        ["-o", "a.mp4", "--size", "320"], ["-o", "a.mp4", "--size", "321x180"],
        ["-o", "a.mp4", "--size", "tox320x180"], ["-o", "a.mp4", "--what", "1"],
        ["-o", "a.ppm", "--still", "first"], ["-o", "a.ppm", "--still", "-1"],
    ])
    func wrongOptionsAreRefused(arguments: [String]) {
        #expect(Request(arguments) == nil)
    }
}
