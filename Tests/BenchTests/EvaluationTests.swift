import Flow
import Foundation
import Scene
import TestSupport
import Testing
import ThunderNet

@testable import Bench
@testable import Configuration
@testable import Pipeline

struct EvaluationTests {
    private let quiet = Console(isQuiet: true, isTerminal: false)

    private func report(
        _ annotations: [[Double]], of picture: String, categories: [String] = ["bus", "car"],
        by name: String = "driving"
    ) throws -> EvaluationReport {
        let scratch = try Scratch()
        let boxes = annotations.map { box in
            #"{"image_id":5,"category_id":20,"bbox":\#(box)}"#
        }
        let names = categories.enumerated().map { #"{"id":\#(10 * ($0 + 1)),"name":"\#($1)"}"# }
        let path = try scratch.write(
            "set.json",
            #"{"images":[{"id":5,"file_name":"\#(picture)"}],"categories":[\#(names.joined(separator: ","))],"annotations":[\#(boxes.joined(separator: ","))]}"#
        )
        var model = ModelChoice()
        model.name = name
        model.precision = .float32
        return try Evaluation(dataset: path, model: model)
            .run(console: quiet, stop: StopSignal())
    }

    /// Detections of the reference implementation as ground truth: all of them must be found.
    @Test func evaluationAgreesWithTheReference() throws {
        guard let folder = Shared.file("golden/driving"),
            let weights = Shared.file("models/driving.safetensors")?.path
        else { return }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".json") }.sorted()
        for file in files {
            let data = try Data(contentsOf: folder.appendingPathComponent(file))
            let found = try #require(
                try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
            // Weaker detections may change their order: PNG's RGB is converted to planes by the reader.
            let strong = found.filter {
                $0["class"] as? String == "car" && ($0["score"] as? Double ?? 0) > 0.15
            }
            let boxes = strong.compactMap { $0["box"] as? [Double] }
            guard !boxes.isEmpty else { continue }
            let picture = folder.appendingPathComponent(file).deletingPathExtension()
                .appendingPathExtension("png").path
            let report = try report(boxes, of: picture, by: weights)
            let precision = try #require(report.coco.classes[1].averagePrecision)
            #expect(precision > 0.999, "\(file)")
            #expect(report.coco.classes[0].averagePrecision == nil)
            #expect((report.voc.classes[1] ?? 0) > 0.999)
            let wrong = boxes.map { [$0[0] + 3 * $0[2] + 900, $0[1], $0[2], $0[3]] }
            let none = try self.report(wrong, of: picture, by: weights)
            #expect(none.coco.averagePrecision == 0)
            return
        }
        Issue.record("no golden picture has cars")
    }

    @Test func aSetWithoutSharedClassesIsRefused() throws {
        #expect(throws: RunError.self) {
            try report([[0, 0, 1, 1]], of: "a.png", categories: ["cat", "dog"])
        }
    }

    @Test func damagedImagesAreNamed() throws {
        let scratch = try Scratch()
        let image = try Media.make(
            "whole.jpg", "-f lavfi -i testsrc2=size=320x192:duration=0.04 -frames:v 1")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: image))
        let half = try scratch.write("half.jpg", bytes.prefix(bytes.count / 2)).path
        do {
            _ = try report([[0, 0, 9, 9]], of: half)
            Issue.record("figures of a damaged image")
        } catch let error as RunError {
            #expect(error.reason == .damaged)
            #expect(error.message.contains("1 of 1 images") && error.message.contains(half))
        }
        _ = try report([[0, 0, 9, 9]], of: image)
    }

    @Test func aMissingImageIsNamed() throws {
        do {
            _ = try report([[0, 0, 1, 1]], of: "missing.png")
            Issue.record("a missing picture was read")
        } catch let error as RunError {
            #expect(error.reason == .notFound)
            #expect(error.message.contains("missing.png"))
        }
    }

    @Test func theJSONHasTheDocumentedKeys() throws {
        let picture = try Media.make(
            "plain.png", "-f lavfi -i color=gray:size=64x64:duration=0.04 -frames:v 1")
        let text = try report([[0, 0, 30, 30]], of: picture).json
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let root = try #require(object as? [String: Any])
        for key in ["AP", "AP50", "AP75", "VOC"] { #expect(root[key] as? Double == 0, "\(key)") }
        #expect(root["images"] as? Int == 1)
        #expect((root["classes"] as? [String: Any])?.count == 2)
    }
}
