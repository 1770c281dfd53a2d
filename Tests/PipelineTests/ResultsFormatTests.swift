import Foundation
import Scene
import Testing

@testable import Configuration
@testable import Pipeline

struct ResultsFormatTests {
    private let picture = PictureSize(width: 640, height: 360)
    private let frame = FrameResult(
        source: "a \"b\".mp4", frame: 4, pts: 2048, time: 0.16, fate: .tracked, isDamaged: false,
        objects: [
            TrackedObject(
                id: 3, classIndex: 1, score: 0.9149,
                box: Box(x: 1.005, y: 2, width: 3.5, height: 4),
                isPredicted: true)
        ])

    private func text(
        _ form: ResultsFormat, _ frames: [FrameResult], zones: [String] = []
    ) -> String {
        var writer = form.makeText(
            ResultNames(classes: ["person", "car"], zones: zones))
        return writer.header() + frames.map { writer.text($0, picture) }.joined() + writer.footer()
    }

    @Test func charactersThatSteerATerminalAreEscaped() {
        #expect(JSONText.quoted("a\u{9B}\u{202E}\u{1B}ü") == "\"a\\u009b\\u202e\\u001bü\"")
    }

    @Test func ndjsonIsAsDocumented() {
        #expect(
            text(.ndjson, [frame])
                == #"{"source":"a \"b\".mp4","frame":4,"pts":2048,"time":0.160000,"fate":"tracked","objects":[{"class":"car","score":0.9149,"id":3,"box":[1.00,2.00,3.50,4.00],"predicted":true}]}"#
                + "\n")
    }

    @Test func objectsCarryTheirZonesAndThatTheyStand() {
        var marked = frame
        marked.objects[0].zones = 0b101
        marked.objects[0].isStanding = true
        let zones = ["a", "b", "c"]
        #expect(
            text(.ndjson, [marked], zones: zones).hasSuffix(
                #""predicted":true,"zones":["a","c"],"standing":true}]}"# + "\n"))
        #expect(text(.ndjson, [frame], zones: zones).contains(#""zones":[]"#))
        #expect(text(.coco, [marked], zones: zones).contains(#""zones":["a","c"]"#))
        let lines = text(.csv, [marked], zones: zones).split(separator: "\n")
        #expect(lines[0].hasSuffix(",predicted,zones") && lines[1].hasSuffix(",true,a c"))
    }

    @Test func csvQuotesWhatMustBe() {
        let lines = text(.csv, [frame]).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[1].hasPrefix(#""a ""b"".mp4",4,2048,0.160000,tracked,car,0.9149,3,1.00"#))
    }

    @Test func motCountsFramesFromOne() {
        #expect(text(.mot, [frame]) == "5,3,1.00,2.00,3.50,4.00,0.9149,-1,-1,-1\n")
    }

    @Test func cocoIsOneDataSet() throws {
        let data = Data(text(.coco, [frame, frame]).utf8)
        let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect((root["images"] as? [Any])?.count == 2)
        #expect((root["annotations"] as? [Any])?.count == 2)
        #expect((root["categories"] as? [Any])?.count == 2)
        #expect(try JSONSerialization.jsonObject(with: Data(text(.coco, []).utf8)) is [String: Any])
    }

    @Test func theFormatFollowsTheExtension() {
        #expect(ResultsFormat(path: "-") == .ndjson)
        #expect(ResultsFormat(path: "a.MOT.TXT") == .mot)
        #expect(ResultsFormat(path: "a.txt") == nil)
        #expect(ResultsFormat(path: "a.json") == nil)
    }

    @Test(arguments: [
        (0.0, 2, "0.00"), (-0.001, 2, "0.00"), (1.005, 2, "1.00"), (-1.25, 1, "-1.3"),
        (123456.789, 0, "123457"), (Double.nan, 2, "0"), (Double.infinity, 2, "0"),
        (0.05, 1, "0.1"),
    ])
    func numbersHaveFixedDecimals(value: Double, decimals: Int, text: String) {
        #expect(DecimalText.text(value, decimals: decimals) == text)
    }

    @Test func controlCharactersAreEscaped() throws {
        let hard = "a\u{1}\n\t\"\\é\u{1F600}"
        let data = Data("[\(JSONText.quoted(hard))]".utf8)
        #expect(try JSONSerialization.jsonObject(with: data) as? [String] == [hard])
    }
}
