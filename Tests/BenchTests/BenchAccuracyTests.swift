import Flow
import Foundation
import TestSupport
import Testing
import ThunderNet

@testable import Bench
@testable import Configuration
@testable import Pipeline

struct BenchAccuracyTests {
    private let quiet = Console(isQuiet: true, isTerminal: false)

    private func answer(
        _ description: DetectDescription, dataset: String? = nil
    ) throws -> BenchAccuracy {
        var bench = BenchDescription()
        bench.run = description
        bench.dataset = dataset
        let model = try DetectionContext(description).model
        return try AccuracyMeasurement(bench, model).measure(quiet, StopSignal())
    }

    private func line(_ description: DetectDescription, dataset: String? = nil) throws -> String {
        try answer(description, dataset: dataset).text(BenchConditions(description, command: []))
    }

    private func description(_ width: Int, _ height: Int) -> DetectDescription {
        var description = DetectDescription()
        description.model.inputSize = PictureSize(width: width, height: height)
        return description
    }

    @Test func theModelCardsFigureIsUsedForItsOwnSizesOnly() throws {
        let line = try line(description(512, 288))
        #expect(line.hasPrefix("AP 0."))
        #expect(line.contains("at 512x288: the model card's figure, not measured in this run"))
        #expect(try answer(description(512, 256)) == .unknown)
        #expect(try self.line(description(512, 256)).contains("none for 512x256"))
        // The model's own size is the default.
        #expect(try self.line(DetectDescription()).contains("at 640x352: the model card's"))
    }

    @Test func randomWeightsHaveNoAccuracy() throws {
        var description = DetectDescription()
        description.model.name = "snet49"
        #expect(try answer(description, dataset: "/nowhere.json") == .meaningless)
        #expect(try line(description).contains("AP is not measured"))
        #expect(try answer(description).json.text == #"{"source":"random weights"}"#)
    }

    @Test func aWrongDataSetFailsBeforeTheBenchmark() throws {
        var bench = BenchDescription()
        bench.dataset = "/nowhere.json"
        let model = try DetectionContext(bench.run).model
        #expect(throws: RunError.self) { _ = try AccuracyMeasurement(bench, model) }
    }

    @Test func theBenchmarkedModelIsEvaluatedOnTheDataSet() throws {
        let scratch = try Scratch()
        let picture = try Media.make(
            "plain.png", "-f lavfi -i color=gray:size=64x64:duration=0.04 -frames:v 1")
        let set = try scratch.write(
            "set.json",
            #"{"images":[{"id":1,"file_name":"\#(picture)"}],"categories":[{"id":1,"name":"car"}],"annotations":[{"image_id":1,"category_id":1,"bbox":[0,0,30,30]}]}"#
        )
        var description = description(96, 64)
        description.model.precision = .float32
        let line = try line(description, dataset: set)
        #expect(line.hasPrefix("AP 0.0"))
        #expect(line.contains(" on set.json (1 image, SHA-256 "))
        #expect(line.hasSuffix(" at 96x64 in float32, measured in this run"))
        let json = try answer(description, dataset: set).json.text
        let root = try #require(
            try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(root["source"] as? String == "measured")
        #expect(try (0...0.1).contains(#require(root["AP"] as? Double)))
        #expect(root["images"] as? Int == 1 && root["pictures"] as? Int == 1)
        #expect(root["data"] as? String == "set.json")
        #expect((root["data_sha256"] as? String)?.count == 64)
    }

    @Test func theConditionsNameInputArithmeticAndThreads() throws {
        var description = description(96, 64)
        description.model.precision = .bfloat16
        description.model.threads = 3
        #expect(BenchConditions(description, command: []).timed == "96x64, bfloat16, 3 threads")
        description.model.precision = .automatic
        #expect(!BenchConditions(description, command: []).precision.contains("auto"))
    }
}
