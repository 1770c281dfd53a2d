internal import Foundation
internal import Tensors

/// The place a run has reached, beside its tensors.
public struct RunState: Hashable, Sendable, Codable {
    /// The digest of all that must not differ when the run goes on.
    public var recipe: String
    /// The digest of the training data.
    public var data: String
    /// Batches taken, skipped ones included.
    public var batches = 0
    /// Steps that changed weights.
    public var steps = 0
    /// Steps whose gradients were not finite.
    public var skipped = 0
    /// Pictures seen.
    public var pictures = 0
    /// Seconds of training, evaluations included.
    public var seconds = 0.0
    /// Processor seconds of training.
    public var processorSeconds = 0.0
    /// The best average precision so far, and the batches before it.
    public var best: Evaluated?
    /// The latest evaluation.
    public var latest: Evaluated?
    /// The seed.
    public var seed: UInt64
    /// libtorch's version.
    public var torch: String
    /// The vector instructions in use.
    public var processor: String
    /// Threads, on which the last bits of every sum depend.
    public var threads: Int

    /// One evaluation.
    public struct Evaluated: Hashable, Sendable, Codable {
        /// Batches before it.
        public var batches: Int
        /// Average precision over overlaps 0.50 to 0.95.
        public var averagePrecision: Double
        /// The same at overlap 0.50.
        public var averagePrecision50: Double
    }
}

/// A run as it lies on disk: one safetensors file, its state as JSON in the metadata.
struct Checkpoint {
    var state: RunState
    var tensors: [String: Tensor]

    /// The key of the state in the metadata.
    private static let key = "training"

    init(state: RunState, tensors: [String: Tensor]) {
        self.state = state
        self.tensors = tensors
    }

    /// Reads a file.
    init(contentsOf url: URL) throws(CheckpointError) {
        do {
            let file = try ModelFile(contentsOf: url)
            guard let text = file.metadata[Self.key] else {
                throw CheckpointError.unreadable(
                    file: url.path, problem: "it holds a model, not the state of a run")
            }
            state = try JSONDecoder().decode(RunState.self, from: Data(text.utf8))
            tensors = file.tensors
        } catch let error as CheckpointError {
            throw error
        } catch {
            throw .unreadable(file: url.path, problem: "\(error)")
        }
    }

    /// Writes the file, whole or not at all.
    func write(to url: URL) throws(CheckpointError) {
        let bytes: [UInt8]
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            let text = String(decoding: try encoder.encode(state), as: UTF8.self)
            bytes = try Safetensors.encode(
                metadata: [Self.key: text], tensors: tensors, precision: .float32)
        } catch {
            throw .unwritable(file: url.path, problem: "\(error)")
        }
        try DurableFile.replace(url, with: bytes)
    }
}
