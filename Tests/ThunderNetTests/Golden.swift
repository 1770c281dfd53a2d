import Foundation
import Scene
import Tensors
import TestSupport
import Testing

@testable import ThunderNet

/// What a reference implementation computed for one picture, from the folder beside the checkout.
struct Golden {
    /// One box of the reference, as its JSON has it: pixels of the picture.
    struct Claim: Decodable {
        var `class`: String
        var score: Float
        var box: [Float]
    }

    let model: Model
    let tensors: [String: Tensor]
    let claims: [Claim]
    let picture: [UInt8]
    /// All pictures are 640×360.
    let width = 640
    let height = 360

    /// Nil, said loudly, where the folder is missing.
    init?(_ model: String, _ picture: String) throws {
        let folder = "golden/\(model)/\(picture)"
        guard let weights = Shared.file("models/\(model).safetensors"),
            let tensors = Shared.file("\(folder).safetensors"),
            let claims = Shared.file("\(folder).json"), let png = Shared.file("\(folder).png")
        else { return nil }
        self.model = try Model(contentsOf: weights)
        self.tensors = try ModelFile(contentsOf: tensors).tensors
        self.claims = try JSONDecoder().decode([Claim].self, from: Data(contentsOf: claims))
        self.picture = try decodePNG(png)
    }

    subscript(name: String) -> Tensor {
        get throws { try #require(tensors[name], "no golden \(name)") }
    }
}

/// Fails unless two tensors agree to a share of the golden one's greatest magnitude.
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
    /// Detects in a packed picture.
    mutating func detect(_ picture: [UInt8], _ width: Int, _ height: Int) -> [Detection] {
        var detections: [Detection] = []
        detect(rgb: picture.span, width: width, height: height, into: &detections)
        return detections
    }
}

extension Golden {
    /// Every claim of the reference is found: same class, edges within half a pixel, score within 0.002.
    ///
    /// The reference lists scores above 0.05; what is found above that by a margin must be listed.
    func expectSame(_ detections: [Detection]) {
        let names = model.description.classes
        for claim in claims {
            let twin = detections.first { detection in
                let box = detection.box
                return names[detection.classIndex] == claim.class
                    && abs(detection.score - claim.score) <= 0.002
                    && zip(
                        [box.x, box.y, box.right, box.bottom],
                        [
                            claim.box[0], claim.box[1], claim.box[0] + claim.box[2],
                            claim.box[1] + claim.box[3],
                        ]
                    ).allSatisfy { abs($0 - $1) <= 0.5 }
            }
            #expect(twin != nil, "\(claim.class) \(claim.score) at \(claim.box) is not found")
        }
        let found = detections.filter { $0.score > 0.052 }.count
        #expect(found <= claims.count, "\(found) boxes where the reference has \(claims.count)")
    }
}
