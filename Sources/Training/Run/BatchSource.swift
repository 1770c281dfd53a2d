internal import Foundation
internal import Synchronization

/// Source of batches; each depends only on its index and the progress, so that a run can resume at any batch.
public protocol BatchSource: Sendable {
    /// Number of batches per epoch.
    var batchesPerEpoch: Int { get }
    /// Number of images per batch.
    var batchSize: Int { get }
    /// Digest of the data; a checkpoint with another digest cannot be resumed.
    var digest: String { get }
    /// Creates a batch.
    func batch(_ number: Int, progress: Double) throws -> TrainingBatch
}

/// Creates the next batch on a background thread during the current step.
final class BatchPrefetcher: Sendable {
    private let source: any BatchSource
    private let queue = DispatchQueue(label: "thunderline.batches")
    private let next = Mutex<(number: Int, result: Result<TrainingBatch, any Error>)?>(nil)

    init(_ source: any BatchSource) { self.source = source }

    /// Returns a batch and starts creating the next one.
    func batch(_ number: Int, progress: Double, nextProgress: Double) throws -> TrainingBatch {
        let ready = queue.sync { next.withLock { $0?.number == number ? $0?.result : nil } }
        let batch = try ready?.get() ?? source.batch(number, progress: progress)
        queue.async { [self] in
            let result = Result { try source.batch(number + 1, progress: nextProgress) }
            next.withLock { $0 = (number + 1, result) }
        }
        return batch
    }
}
