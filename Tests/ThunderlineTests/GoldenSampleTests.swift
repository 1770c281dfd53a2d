import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// The shipped model on three frames of the sample, beside detections of the PyTorch reference with its weights.
    struct GoldenSampleTests {
        private struct Frame: Decodable {
            struct Object: Decodable {
                let `class`: String
                let score: Double
                let box: [Double]
            }

            let frame: Int
            let objects: [Object]
        }

        private struct Labels: Decodable {
            struct Annotation: Decodable {
                let image_id: Int
                let category_id: Int
                let score: Double
                let bbox: [Double]
            }

            struct Category: Decodable {
                let id: Int
                let name: String
            }

            let annotations: [Annotation]
            let categories: [Category]
        }

        /// Golden boxes from 0.5 on, `[left, top, width, height]` in pixels of the frame.
        private func golden() throws -> [Frame] {
            let file = Shared.root.appendingPathComponent(
                "Tests/ThunderlineTests/Golden/sample-driving.json")
            return try JSONDecoder().decode([Frame].self, from: Data(contentsOf: file))
        }

        @Test func theShippedModelDetectsWhatTheReferenceDoes() throws {
            let scratch = try Scratch()
            let golden = try golden()
            for frame in golden {
                let image = try Media.make(
                    "golden-\(frame.frame).png",
                    "-i \(Shared.root.path)/Samples/road-day.mp4 -vf select=eq(n\\,\(frame.frame)) -frames:v 1"
                )
                try scratch.write(
                    "images/\(100 + frame.frame).png", Data(contentsOf: URL(fileURLWithPath: image))
                )
            }
            let output = scratch.path("labels.json")
            let ended = try Program.run([
                "dataset", "label", scratch.path("images"), "--precision", "float32",
                "--min-score", "0.3", "-o", output,
            ])
            try #require(ended.status == 0, "\(ended.standardError)")
            let labels = try JSONDecoder().decode(
                Labels.self, from: Data(contentsOf: URL(fileURLWithPath: output)))
            let names = Dictionary(
                uniqueKeysWithValues: labels.categories.map { ($0.id, $0.name) })
            for (index, frame) in golden.enumerated() {
                for object in frame.objects {
                    let isFound = labels.annotations.contains { label in
                        label.image_id == index + 1 && names[label.category_id] == object.class
                            && abs(label.score - object.score) < 0.03
                            && zip(label.bbox, object.box).allSatisfy { abs($0 - $1) < 1.5 }
                    }
                    #expect(isFound, "frame \(frame.frame): \(object)")
                }
                let strong = labels.annotations.count {
                    $0.image_id == index + 1 && $0.score >= 0.55
                }
                #expect(strong <= frame.objects.count)
            }
        }
    }
}
