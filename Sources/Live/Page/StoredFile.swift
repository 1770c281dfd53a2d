internal import FlyingFox
internal import FlyingSocks
internal import Foundation
internal import Video

/// File as a response, read on a separate queue, so that a disk that hangs blocks no other response.
struct StoredFile: Sendable {
    /// MIME type.
    let type: String
    private let handle: FileHandle
    private let size: Int
    private let permit: ConcurrencyLimit.Permit

    private static let disk = DispatchQueue(label: "page-disk")
    private static let types = [
        "jpg": "image/jpeg", "mp4": "video/mp4", "mkv": "video/x-matroska",
        "ndjson": "application/x-ndjson",
    ]

    /// Opens the first of several names in a folder that is a regular file; nil when none is.
    ///
    /// Judged is what was opened, and no link is followed: names may change hands in between.
    init?(
        _ names: [String], in folder: @escaping @Sendable () -> RealFolder?,
        permit: ConcurrencyLimit.Permit
    ) async {
        let found = try? await Self.reading {
            let folder = names.isEmpty ? nil : folder()
            for name in names {
                guard let (descriptor, size) = folder?.open(name) else { continue }
                let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
                return (handle, size, name) as (FileHandle, Int, String)?
            }
            return nil
        }
        guard let (handle, size, name) = found ?? nil else { return nil }
        (self.handle, self.size, self.permit) = (handle, size, permit)
        type = Self.types[URL(fileURLWithPath: name).pathExtension] ?? "application/octet-stream"
    }

    /// Response with the whole file, or the requested range of it.
    func response(to request: HTTPRequest) -> HTTPResponse {
        var headers: HTTPHeaders = [.acceptRanges: "bytes"]
        let part = Self.range(request.headers[.range], of: size)
        if let part {
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)"
        }
        let range = part ?? 0..<size
        let body = HTTPBodySequence(from: Body(file: self, range: range), count: range.count)
        return HTTPResponse(
            statusCode: part == nil ? .ok : .partialContent, headers: headers, body: body)
    }

    /// Range of a header `bytes=FROM-` or `bytes=FROM-TO`; nil, the whole file, for any other.
    static func range(_ header: String?, of size: Int) -> Range<Int>? {
        guard let header, header.hasPrefix("bytes=") else { return nil }
        let ends = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let from = Int(ends[0]), from < size, from >= 0 else { return nil }
        let last = ends[1].isEmpty ? size - 1 : min(Int(ends[1]) ?? -1, size - 1)
        return last >= from ? from..<last + 1 : nil
    }

    /// Runs a body that may wait for a disk on that queue.
    static func reading<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { done in
            disk.async { done.resume(with: Result { try body() }) }
        }
    }

    /// Bytes of the range, in chunks.
    private struct Body: AsyncBufferedSequence, AsyncBufferedIteratorProtocol {
        typealias Element = UInt8

        let file: StoredFile
        var range: Range<Int>

        func makeAsyncIterator() -> Body { self }

        /// Unused: the server asks for buffers only.
        mutating func next() async throws -> UInt8? { nil }

        mutating func nextBuffer(suggested count: Int) async throws -> Data? {
            guard !range.isEmpty else { return nil }
            let (handle, offset, length) = (
                file.handle, range.lowerBound, Swift.min(range.count, 1 << 18)
            )
            let chunk = try await StoredFile.reading {
                try handle.seek(toOffset: UInt64(offset))
                return try handle.read(upToCount: length) ?? Data()
            }
            // The file was truncated meanwhile.
            guard !chunk.isEmpty else { throw SocketError.disconnected }
            range = offset + chunk.count..<range.upperBound
            return chunk
        }
    }
}
