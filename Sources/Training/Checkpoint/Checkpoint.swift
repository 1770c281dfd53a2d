internal import Foundation
internal import Tensors

/// State of a run besides its tensors.
public struct RunState: Hashable, Sendable, Codable {
    /// Digest of the settings that must not change when the run resumes.
    public var recipe: String
    /// Digest of the training data.
    public var data: String
    /// Batches processed, skipped ones included.
    public var batches = 0
    /// Steps that updated the weights.
    public var steps = 0
    /// Steps skipped because gradients were not finite.
    public var skipped = 0
    /// Images processed.
    public var pictures = 0
    /// Seconds of training, evaluations included.
    public var seconds = 0.0
    /// CPU seconds of training.
    public var processorSeconds = 0.0
    /// Evaluation with the best average precision so far.
    public var best: Evaluated?
    /// The latest evaluation.
    public var latest: Evaluated?
    /// Seed of all random numbers.
    public var seed: UInt64
    /// Version of libtorch.
    public var torch: String
    /// Vector instructions in use.
    public var processor: String
    /// Number of threads; it affects the rounding of sums.
    public var threads: Int

    /// True when counts and times can belong to a run.
    var isPossible: Bool {
        [batches, steps, skipped, pictures].allSatisfy { (0...1 << 40).contains($0) }
            && steps + skipped <= batches && seconds >= 0 && processorSeconds >= 0 && threads > 0
    }

    /// Result of one evaluation.
    public struct Evaluated: Hashable, Sendable, Codable {
        /// Batches before the evaluation.
        public var batches: Int
        /// Average precision, mean over IoU 0.50 to 0.95.
        public var averagePrecision: Double
        /// Average precision at IoU 0.50.
        public var averagePrecision50: Double
    }
}

/// Checkpoint file: a safetensors file with the state as JSON in its metadata.
struct Checkpoint {
    var state: RunState
    var tensors: [String: Tensor]

    /// Metadata key of the state.
    private static let key = "training"

    init(state: RunState, tensors: [String: Tensor]) {
        self.state = state
        self.tensors = tensors
    }

    /// Reads a checkpoint.
    init(contentsOf url: URL) throws(CheckpointError) {
        do {
            let file = try ModelFile(contentsOf: url)
            guard let text = file.metadata[Self.key] else {
                throw CheckpointError.unreadable(
                    file: url.path, problem: "it contains a model, not the state of a run")
            }
            state = try JSONDecoder().decode(RunState.self, from: Data(text.utf8))
            guard state.isPossible else {
                throw CheckpointError.unreadable(file: url.path, problem: "its counts are wrong")
            }
            tensors = file.tensors
        } catch let error as CheckpointError {
            throw error
        } catch {
            throw .unreadable(file: url.path, problem: "\(error)")
        }
    }

    /// Writes the checkpoint atomically.
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
