import Testing

@testable import road_scene

struct ArgumentsTests {
    @Test func optionsAreParsed() throws {
        let arguments = try #require(
            Arguments([
                "--light", "dusk", "--seconds", "2", "--seed", "5", "--size", "320x180", "-o",
                "a.mp4",
            ]))
        #expect(arguments.path == "a.mp4")
        #expect(arguments.settings.daylight == .dusk)
        #expect(arguments.settings.frames == 60)
        #expect(arguments.settings.seed == 5)
        #expect(arguments.settings.width == 320 && arguments.settings.height == 180)
    }

    @Test(arguments: [
        [], ["-o"], ["-o", "a.txt"], ["-o", "a.mp4", "--light", "noon"],
        ["-o", "a.mp4", "--seconds", "-1"],
        ["-o", "a.mp4", "--size", "320"], ["-o", "a.mp4", "--size", "321x180"],
        ["-o", "a.mp4", "--size", "tox320x180"], ["-o", "a.mp4", "--what", "1"],
        ["-o", "a.ppm", "--still", "first"], ["-o", "a.ppm", "--still", "-1"],
    ])
    func invalidOptionsAreRejected(arguments: [String]) {
        #expect(Arguments(arguments) == nil)
    }
}
