import Foundation
import Tensors
import TestSupport
import ThunderNet

@testable import Datasets
@testable import Training

/// Files of training, which people copy, cut short and edit.
extension FuzzTarget {
    static func recipe(_ bytes: [UInt8]) throws -> String {
        let recipe = try TrainingRecipe(json: Data(bytes))
        precondition(recipe.sizes.allSatisfy { $0.width % 32 == 0 && $0.height % 32 == 0 })
        precondition(recipe.batch > 0)
        return "\(try recipe.description().classes.count)"
    }

    /// Reads a store of twelve bytes of pixels with the input as its index.
    static func store(_ bytes: [UInt8], _ scratch: Scratch) throws -> String {
        var file = [UInt8](0..<12) + bytes
        let words = [12, UInt64(bytes.count), ContentHash.of(bytes.span), PictureStore.signature]
        for word in words {
            file += (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
        let store = try PictureStore(path: scratch.write("a.store", Data(file)).path)
        for (index, picture) in store.pictures.enumerated() where picture.isSound {
            let count = store.withPixels(of: index) { $0.count }
            precondition(count == 3 * picture.extent.width * picture.extent.height)
        }
        return "\(store.pictures.count)"
    }

    static func checkpoint(_ text: String, _ scratch: Scratch) throws -> String {
        let bytes = try Safetensors.encode(
            metadata: ["training": text], tensors: [:], precision: .float32)
        let url = try scratch.write("run.safetensors", Data(bytes))
        let state = try Checkpoint(contentsOf: url).state
        precondition(state.batches >= state.steps && state.pictures >= 0)
        return "\(state.batches)"
    }
}
