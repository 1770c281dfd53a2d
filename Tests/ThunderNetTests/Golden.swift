import Foundation
import Scene
import Tensors
import TestSupport
import Testing

@testable import ThunderNet

/// Results of the PyTorch reference for one image, from the shared folder.
struct Golden {
    /// One box of the reference in pixels of the image.
    struct ExpectedBox: Decodable {
        var `class`: String
        var score: Float
        var box: [Float]
    }

    let model: Model
    let tensors: [String: Tensor]
    let expected: [ExpectedBox]
    let picture: [UInt8]
    /// Size of all images.
    let width = 640
    let height = 360

    /// Returns nil and prints a note where the folder is missing.
    init?(_ model: String, _ picture: String) throws {
        let folder = "golden/\(model)/\(picture)"
        guard let weights = Shared.file("models/\(model).safetensors"),
            let tensors = Shared.file("\(folder).safetensors"),
            let expected = Shared.file("\(folder).json"), let png = Shared.file("\(folder).png")
        else { return nil }
        self.model = try Model(contentsOf: weights)
        self.tensors = try ModelFile(contentsOf: tensors).tensors
        self.expected = try JSONDecoder().decode(
            [ExpectedBox].self, from: Data(contentsOf: expected))
        self.picture = try decodePNG(png)
    }

    subscript(name: String) -> Tensor {
        get throws { try #require(tensors[name], "no golden \(name)") }
    }
}

/// Expects that two tensors agree within a fraction of the golden one's greatest magnitude.
func expectClose(
    _ found: some Sequence<Float>, _ golden: Tensor, within share: Float = 1e-3, _ name: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let (found, golden) = (Array(found), golden.values)
    guard found.count == golden.count else {
        Issue.record("\(name): \(found.count) numbers, not \(golden.count)")
        return
    }
    let scale = golden.reduce(0) { max($0, abs($1)) }
    let worst = zip(found, golden).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
    let hasNaN = found.contains { !$0.isFinite }
    #expect(
        !hasNaN && worst <= share * scale, "\(name): off by \(worst) of \(scale)",
        sourceLocation: sourceLocation)
}

extension Detector {
    /// Detects objects in an RGB image.
    mutating func detect(_ picture: [UInt8], _ width: Int, _ height: Int) -> [Detection] {
        var detections: [Detection] = []
        detect(rgb: picture.span, width: width, height: height, into: &detections)
        return detections
    }
}

extension Golden {
    /// Expects every box of the reference: same class, edges within half a pixel, score within 0.002.
    ///
    /// The reference lists scores above 0.05; detections above that by a margin must be listed.
    func expectSame(_ detections: [Detection]) {
        let names = model.description.classes
        for one in expected {
            let twin = detections.first { detection in
                let box = detection.box
                return names[detection.classIndex] == one.class
                    && abs(detection.score - one.score) <= 0.002
                    && zip(
                        [box.x, box.y, box.right, box.bottom],
                        [
                            one.box[0], one.box[1], one.box[0] + one.box[2],
                            one.box[1] + one.box[3],
                        ]
                    ).allSatisfy { abs($0 - $1) <= 0.5 }
            }
            #expect(twin != nil, "\(one.class) \(one.score) at \(one.box) is not found")
        }
        let found = detections.filter { $0.score > 0.052 }.count
        #expect(found <= expected.count, "\(found) boxes where the reference has \(expected.count)")
    }
}
