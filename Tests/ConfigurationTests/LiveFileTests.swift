import TestSupport
import Testing

@testable import Configuration

/// Pipeline files of `live`.
struct LiveFileTests {
    private struct WrongCommand: Error {}

    private func read(_ text: String, _ overrides: [String] = []) throws -> LiveDescription {
        let content = try PipelineFile(text, name: "c.yaml", overrides: overrides).content
        guard case .live(let description) = content else { throw WrongCommand() }
        return description
    }

    private func problems(_ text: String, _ overrides: [String] = []) -> [String] {
        do throws(PipelineFile.Problems) {
            _ = try PipelineFile(text, name: "c.yaml", overrides: overrides)
            return []
        } catch {
            return error.list.map(\.description)
        }
    }

    private static let two = """
        command: live
        cameras:
          - name: gate
            source: rtsp://a/1
            weight: 2
            objects: { classes: [car] }
          - rtsp://b/2
        connection: { silence: 3 }
        tracking: { detect-fps: 4 }
        """

    @Test func camerasBeginWithTheSettingsForAllWhereverTheseStand() throws {
        let description = try read(Self.two)
        #expect(description.cameras.map(\.name) == ["gate", "camera-2"])
        #expect(description.cameras.map(\.source) == ["rtsp://a/1", "rtsp://b/2"])
        #expect(description.cameras.map(\.connection.silence) == [3, 3])
        #expect(description.cameras.map(\.tracking.detectRate) == [4, 4])
        #expect(description.cameras.map(\.objects.classes) == [["car"], []])
        #expect(description.cameras.map(\.weight) == [2, 1])
    }

    /// A single camera may be given as on the command line, and as in the schema.
    @Test func aCameraMayBeAnAddressAndASingleOneNeedsNoList() throws {
        let two = try read("command: live\ncameras: [gate=rtsp://a/1, 'rtsp://b/2?user=x']")
        #expect(two.cameras.map(\.name) == ["gate", "camera-2"])
        #expect(two.cameras.map(\.source) == ["rtsp://a/1", "rtsp://b/2?user=x"])
        let one = try read("command: live\ncameras: gate=rtsp://a/1")
        #expect(one.cameras == [CameraDescription(name: "gate", source: "rtsp://a/1")])
        #expect(problems("command: live\ncameras:") == problems("command: live"))
    }

    @Test func overridesReachAllCamerasOrOne() throws {
        let description = try read(
            Self.two,
            ["cameras.gate.tracking.detect-fps=9", "tracking.detect-fps=7", "model.name=other"])
        #expect(description.cameras.map(\.tracking.detectRate) == [9, 7])
        #expect(description.cameras.map(\.model.name) == ["other", "other"])
        #expect(problems(Self.two, ["cameras.gat.weight=1"]).first?.contains("\"gate\"") == true)
        #expect(problems(Self.two, ["cameras.gate.weigth=1"]).first?.contains("\"weight\"") == true)
    }

    @Test func problemsHaveTheirLines() {
        let found = problems(
            """
            command: live
            cameras:
              - name: a b
                source: rtsp://a
              - sorce: rtsp://b
              - [1]
            conection: {}
            """)
        #expect(
            found == [
                "c.yaml:3: \"name\" must be up to 64 letters, digits, - and _, not \"a b\"",
                "c.yaml:5: \"sorce\" is not known; did you mean \"source\"?",
                "c.yaml:6: a camera is an address, or a mapping with a source",
                "c.yaml:7: \"conection\" is not known; did you mean \"connection\"?",
            ])
    }

    @Test func aKeyAtTheWrongLevelIsNamedWithItsPlace() {
        #expect(
            problems("command: live\ncameras: [rtsp://a]\nsilence: 5s") == [
                "c.yaml:3: \"silence\" is not known here; did you mean \"connection.silence\"?"
            ])
        #expect(
            problems("command: live\ncameras:\n  - source: rtsp://a\n    detect-fps: 5") == [
                "c.yaml:4: \"detect-fps\" is not known here; did you mean \"tracking.detect-fps\"?"
            ])
    }

    @Test func eachCameraMayHaveItsOwnPrecision() throws {
        let description = try read(
            """
            command: live
            model: {precision: bfloat16}
            cameras: [rtsp://a, {source: rtsp://b, model: {precision: float32}}]
            """)
        #expect(description.cameras.map(\.model.precision) == [.bfloat16, .float32])
    }

    @Test(arguments: [
        "command: live", "command: live\ncameras: []", "command: live\ncameras: {a: rtsp://a}",
        "command: live\ncameras: [{name: a}]",
        "command: live\ncameras: [{name: a, source: x}, {name: a, source: y}]",
        "command: live\ncameras: [{source: x, credentials: {file: f, variable: v}}]",
        "command: live\ncameras: [{source: x, tracking: {every: 2, detect-fps: 2}}]",
        "command: live\ncameras: [{source: x, weight: 0}]",
        "command: live\ncameras: [{source: x, connection: {silence: 0}}]",
        "command: live\ncameras: [{source: x, main: y}]",
        "command: live\ncameras: [{source: x, main: y}]\nrecord: {folder: r, what: annotated}",
        "command: live\ncameras: [x]\nrecord: {what: clips}",
        "command: live\ncameras: [x]\nrecord: {keep-for: 7d}",
        "command: live\ncameras: [x]\nrecord: {folder: r, segment: 0.5}",
        "command: live\ncameras: [x]\nrecord: {folder: r, keep-size: 0}",
        "command: live\ncameras: [x]\nrecord: {folder: r}\nclips: {after: 0}",
        "command: live\ncameras: [x]\nrecord: {folder: r}\nclips: {classes: [car]}\nevents: {classes: [bus]}",
    ])
    func contradictionsAreReported(text: String) {
        #expect(problems(text).count == 1, "\(problems(text))")
    }

    @Test func thePrintedTextReadsBackAsTheSame() throws {
        var description = try read(Self.two)
        description.cameras[1].credentials.variable = "NAME"
        description.cameras[1].objects.ignored = [
            .rectangle(FractionRectangle(x: 0, y: 0.9, width: 1, height: 0.1))
        ]
        description.cameras[0].main = "rtsp://a/main"
        description.record.folder = "rec"
        description.record.keepFor = 7 * 86400
        description.record.keepSize = 500_000_000_000
        description.record.audio = false
        description.clips.classes = ["car"]
        description.duration = 90
        description.detectors = 3
        #expect(try read(PipelineText.yaml(description)) == description)
    }

    @Test func formerKeysAreStillRead() throws {
        let lines = "command: live\ncameras: [rtsp://a]\n"
        for key in ["audio", "sound"] {
            #expect(try !read(lines + "record: {\(key): false}").record.audio, "\(key)")
            let set = try PipelineFile(lines, name: "l.yaml", overrides: ["record.\(key)=no"])
            guard case .live(let description) = set.content else { continue }
            #expect(!description.record.audio)
        }
        #expect(PipelineText.yaml(try read(lines)).contains("  audio: true"))
        #expect(PipelineJSONSchema.json.contains("\"sound\": { \"deprecated\": true"))
    }

    @Test func namesOnACommandLineAreSplitFromTheirSources() throws {
        var description = LiveDescription()
        try description.set(
            "cameras", to: ["front=rtsp://a/x?y=1", "rtsp://b/?z=2", "/dev/video0", "a b=c"])
        #expect(description.cameras.map(\.name) == ["front", "camera-2", "camera-3", "camera-4"])
        #expect(
            description.cameras.map(\.source)
                == ["rtsp://a/x?y=1", "rtsp://b/?z=2", "/dev/video0", "a b=c"])
    }

    @Test func everySettingReadsBackItsText() throws {
        var description = LiveDescription()
        description.cameras = [CameraDescription(name: "a", source: "b")]
        for setting in LiveSettingTable.all {
            guard let texts = setting.render(description) else { continue }
            var copy = description
            try setting.apply(texts, &copy)
            #expect(copy == description, "\(setting.key)")
        }
        for setting in CameraSettingTable.all {
            guard let texts = setting.render(description.cameras[0]) else { continue }
            var copy = description.cameras[0]
            try setting.apply(texts, &copy)
            #expect(copy == description.cameras[0], "\(setting.key)")
        }
    }
}
