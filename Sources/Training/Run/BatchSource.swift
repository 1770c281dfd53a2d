internal import Foundation
internal import Synchronization

/// The batches of a run: each follows from its number and the progress alone, so that a run can go on anywhere.
public protocol BatchSource: Sendable {
    /// Batches of one epoch.
    var batchesPerEpoch: Int { get }
    /// Pictures of one batch.
    var batchSize: Int { get }
    /// A digest of the data; another one is another run.
    var digest: String { get }
    /// Makes a batch.
    func batch(_ number: Int, progress: Double) throws -> TrainingBatch
}

/// Makes the next batch on a thread of its own while the present one is learned from.
final class BatchPrefetcher: Sendable {
    private let source: any BatchSource
    private let queue = DispatchQueue(label: "thunderline.batches")
    private let next = Mutex<(number: Int, result: Result<TrainingBatch, any Error>)?>(nil)

    init(_ source: any BatchSource) { self.source = source }

    /// The batch of a number; the one after it is begun before this returns.
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
