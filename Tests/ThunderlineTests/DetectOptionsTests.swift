import ArgumentParser
import Configuration
import Pipeline
import Testing

@testable import thunderline

/// Equivalence of command line and pipeline files for every setting.
struct DetectOptionsTests {
    /// Values of a setting that differ from its default.
    static func samples<Description>(_ setting: Setting<Description>) -> [String] {
        switch setting.form {
        case .text: ["mine"]
        case .flag: [setting.option?.hasPrefix("--no-") == true ? "false" : "true"]
        case .integer(let range): [String(range.upperBound)]
        case .number(let range): [String(range.upperBound)]
        case .choice(let words): [words[words.count - 1]]
        case .seconds: ["1m30s"]
        case .size: ["64x96"]
        case .bitrate: ["2.5M"]
        case .bytes: ["20G"]
        case .list(let byCommas): byCommas ? ["car,truck", "bus"] : ["a.csv", "-"]
        case .regions: ["0,0.9,1,0.1", "0,0 0.5,0.25 1,0"]
        case .pairs: ["0.5,person:0.25"]
        case .points: ["0,0 1,1 0,1"]
        case .items: ["a=0,0 0.5,0 0.5,1; classes=car,bus", "b=0,0 1,1 0,1; label=\"x; y\""]
        case .videoStream: ["2"]
        }
    }

    static func arguments<Description>(_ setting: Setting<Description>) -> [String] {
        guard let option = setting.option else { return samples(setting) }
        if setting.form == .flag { return [option] }
        return samples(setting).flatMap { [option, $0] }
    }

    @Test func everyOptionEqualsItsKey() throws {
        let unset = DetectDescription()
        for setting in DetectSettingTable.all {
            var expected = unset
            try expected.set(setting.key, to: Self.samples(setting))
            #expect(expected != unset, "\(setting.key)")
            // Heat maps have their own endings, so the sample of a list is none.
            guard setting.key != "counts.heat-map" else { continue }
            var arguments = Self.arguments(setting)
            // Counts need a line.
            if ["counts.file", "counts.crossings"].contains(setting.key) {
                try expected.set("lines", to: ["a=0,0 1,1"])
                arguments += ["--line", "a=0,0 1,1"]
            }
            // Without video there must be another output.
            if setting.key == "output.video" {
                expected.results = ["-"]
                arguments += ["--results", "-"]
            }
            let parsed = try DetectDescription(DetectOptions.parse(arguments).assignments)
            #expect(parsed == expected, "\(arguments)")
            let file = try PipelineFile(PipelineText.yaml(expected), name: "p.yaml")
            #expect(file.content == .detect(expected), "\(setting.key)")
        }
    }

    @Test func anEmptyCommandLineGivesEveryDefault() throws {
        #expect(try DetectDescription(DetectOptions.parse([]).assignments) == DetectDescription())
    }
}
