import ArgumentParser
import Configuration
import Pipeline
import Testing

@testable import thunderline

/// Equivalence of the command line of `live` and its table of settings.
struct LiveOptionsTests {
    @Test func everyOptionEqualsItsKey() throws {
        for setting in LiveSettingTable.all where setting.option != nil {
            let arguments = DetectOptionsTests.arguments(setting)
            let said = try LiveOptions.parse(["rtsp://a"] + arguments).assignments
            #expect(said.map(\.key) == [setting.key, "cameras"], "\(arguments)")
            #expect(said.first?.texts == DetectOptionsTests.samples(setting), "\(arguments)")
        }
    }

    @Test func everyOptionIsASetting() throws {
        let options = Set(LiveSettingTable.all.compactMap(\.option))
        let groups: [any ParsableArguments] = [
            LiveOptions(), ModelOptions(), ObjectOptions(), TrackingOptions(), CountingOptions(),
            PublishingOptions(),
        ]
        let properties = groups.flatMap { Mirror(reflecting: $0).children }
        // The sources, --set, and the five option groups have no setting.
        #expect(properties.count - 7 == options.count)
    }

    @Test func optionsApplyToEveryCamera() throws {
        let description = try LiveOptions.parse([
            "gate=rtsp://a", "yard=rtsp://b", "--silence-timeout", "3s", "--record", "rec",
            "--keep-for", "7d", "--keep-size", "20G", "--classes", "car", "--clip-classes", "car",
            "--for", "1h", "-q",
        ]).description()
        #expect(description.cameras.map(\.name) == ["gate", "yard"])
        #expect(description.cameras.map(\.connection.silence) == [3, 3])
        #expect(description.cameras.map(\.objects.classes) == [["car"], ["car"]])
        #expect(description.record.folder == "rec")
        #expect(
            description.record.keepFor == 604_800 && description.record.keepSize == 20_000_000_000)
        #expect(description.clips.classes == ["car"])
        #expect(description.duration == 3600 && description.isQuiet)
    }

    @Test(arguments: [
        ["rtsp://a", "--keep-for", "7d"], ["rtsp://a", "--clip-classes", "car"],
        ["rtsp://a", "--record-what", "clips"], ["rtsp://a", "--record", "r", "--keep-size", "x"],
        ["rtsp://a", "--set", "record.folder=r"], ["cameras.yaml", "--record", "r"],
    ])
    func inconsistentOptionsAreRefused(arguments: [String]) {
        #expect(throws: (any Error).self) {
            let options = try LiveOptions.parse(arguments)
            _ = try options.description()
        }
    }
}
