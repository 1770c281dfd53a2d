internal import Datasets
internal import Dispatch
internal import Foundation
internal import Synchronization

/// Builder of stores of decoded images.
public struct StoreBuilder: Sendable {
    private let path: String
    private let shape: StoreShape
    private let decoder: any PictureDecoder
    /// Number of images decoded concurrently and then written in order.
    private static let batch = 64

    /// Creates a builder of the store at `path`; its folder exists.
    public init(path: String, shape: StoreShape, decoder: any PictureDecoder) {
        self.path = path
        self.shape = shape
        self.decoder = decoder
    }

    /// Opens the store if it is complete and current, otherwise builds it.
    ///
    /// An image that cannot be decoded is recorded with the reason (``StoredPicture/trouble``) and without pixels.
    ///
    /// - Parameters:
    ///   - paths: Paths of the images, in order.
    ///   - progress: Called after each batch with the number of finished images; returning false cancels.
    /// - Returns: The opened store.
    /// - Throws: A ``TrainingDataError`` if the store cannot be written, or a `CancellationError` after cancellation.
    public func store(
        of paths: [String], progress: (Int) -> Bool = { _ in true }
    ) throws -> PictureStore {
        if let store = try? PictureStore(path: path), store.isCurrent(for: paths, shape: shape) {
            return store
        }
        let partial = "\(path).partial.\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: partial) }
        try write(paths, to: partial, progress)
        try? FileManager.default.removeItem(atPath: path)
        do {
            try FileManager.default.moveItem(atPath: partial, toPath: path)
        } catch {
            throw TrainingDataError("Writing \(path): \(error.localizedDescription)")
        }
        return try PictureStore(path: path)
    }

    private func write(
        _ paths: [String], to partial: String, _ progress: (Int) -> Bool
    ) throws {
        guard FileManager.default.createFile(atPath: partial, contents: nil),
            let file = FileHandle(forWritingAtPath: partial)
        else {
            throw TrainingDataError(
                "Writing \(path): its folder does not exist or is not writable.")
        }
        defer { try? file.close() }
        var pictures: [StoredPicture] = []
        var offset = 0
        for start in stride(from: 0, to: paths.count, by: Self.batch) {
            let part = Array(paths[start..<min(start + Self.batch, paths.count)])
            for (path, outcome) in zip(part, decoded(part)) {
                let picture = entry(path, outcome, offset)
                if case .success(let content) = outcome { try write(Data(content.rgb), to: file) }
                offset += picture.byteCount
                pictures.append(picture)
            }
            guard progress(pictures.count) else { throw CancellationError() }
        }
        try write(end(StoreIndex(shape: shape, pictures: pictures), at: offset), to: file)
        try? file.synchronize()
    }

    /// Encodes the index and the trailer.
    private func end(_ index: StoreIndex, at offset: Int) throws -> Data {
        var data = try JSONEncoder().encode(index)
        let words = [
            UInt64(offset), UInt64(data.count), ContentHash.of([UInt8](data).span),
            PictureStore.signature,
        ]
        for word in words { for byte in 0..<8 { data.append(UInt8(word >> (8 * byte) & 0xFF)) } }
        return data
    }

    private func write(_ data: Data, to file: FileHandle) throws {
        do {
            try file.write(contentsOf: data)
        } catch {
            let isFull = (error as? CocoaError)?.code == .fileWriteOutOfSpace
            throw TrainingDataError(
                "Writing \(path): "
                    + (isFull
                        ? "no space left. Free disk space, or choose a smaller size for the store."
                        : error.localizedDescription),
                isDiskFull: isFull)
        }
    }

    /// Decodes some images concurrently.
    private func decoded(_ paths: [String]) -> [Result<DecodedPicture, any Error>] {
        let outcomes = Mutex(
            [Result<DecodedPicture, any Error>?](repeating: nil, count: paths.count))
        DispatchQueue.concurrentPerform(iterations: paths.count) { place in
            let outcome = Result { try decoder.decode(paths[place], to: shape) }
            outcomes.withLock { $0[place] = outcome }
        }
        return outcomes.withLock { $0.compactMap { $0 } }
    }

    private func entry(
        _ path: String, _ outcome: Result<DecodedPicture, any Error>, _ offset: Int
    ) -> StoredPicture {
        let nothing = PictureExtent(width: 0, height: 0)
        var picture = StoredPicture(
            path: path, extent: nothing, source: nothing, trouble: nil, offset: offset,
            attributes: FileAttributes(path) ?? FileAttributes(),
            digest: (try? ContentHash.ofFile(path)) ?? "")
        switch outcome {
        case .success(let content):
            picture.extent = content.extent
            picture.source = content.source
        case .failure(let error): picture.trouble = "\(error)"
        }
        return picture
    }
}
