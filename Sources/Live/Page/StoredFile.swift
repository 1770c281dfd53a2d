internal import FlyingFox
internal import FlyingSocks
internal import Foundation

/// A file as an answer, read on a thread of its own: a disk that hangs holds up nobody but those who wait for it.
struct StoredFile: Sendable {
    /// What it is, as browsers name it.
    let type: String
    private let handle: FileHandle
    private let size: Int
    private let place: StreamCount.Place

    private static let disk = DispatchQueue(label: "page-disk")
    private static let types = [
        "jpg": "image/jpeg", "mp4": "video/mp4", "mkv": "video/x-matroska",
        "ndjson": "application/x-ndjson",
    ]

    /// Opens the first of some paths at which there is a plain file; nil where there is none.
    init?(_ paths: [String], place: StreamCount.Place) async {
        let found = try? await Self.reading {
            for path in paths {
                let facts = try? FileManager.default.attributesOfItem(atPath: path)
                if facts?[.type] as? FileAttributeType == .typeRegular,
                    let handle = FileHandle(forReadingAtPath: path)
                {
                    return (handle, Int(try handle.seekToEnd()), path) as (FileHandle, Int, String)?
                }
            }
            return nil
        }
        guard let (handle, size, path) = found ?? nil else { return nil }
        (self.handle, self.size, self.place) = (handle, size, place)
        type = Self.types[URL(fileURLWithPath: path).pathExtension] ?? "application/octet-stream"
    }

    /// The whole file, or the part of it that a player asks for.
    func answer(to request: HTTPRequest) -> HTTPResponse {
        var headers: HTTPHeaders = [.acceptRanges: "bytes"]
        let part = Self.part(request.headers[.range], of: size)
        if let part {
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)"
        }
        let range = part ?? 0..<size
        let body = HTTPBodySequence(from: Body(file: self, range: range), count: range.count)
        return HTTPResponse(
            statusCode: part == nil ? .ok : .partialContent, headers: headers, body: body)
    }

    /// What `bytes=FROM-` or `bytes=FROM-TO` asks for; nil, which means the whole, for everything else.
    static func part(_ header: String?, of size: Int) -> Range<Int>? {
        guard let header, header.hasPrefix("bytes=") else { return nil }
        let ends = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let from = Int(ends[0]), from < size, from >= 0 else { return nil }
        let last = ends[1].isEmpty ? size - 1 : min(Int(ends[1]) ?? -1, size - 1)
        return last >= from ? from..<last + 1 : nil
    }

    private static func reading<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { done in
            disk.async { done.resume(with: Result { try body() }) }
        }
    }

    /// The bytes, piece by piece.
    private struct Body: AsyncBufferedSequence, AsyncBufferedIteratorProtocol {
        typealias Element = UInt8

        let file: StoredFile
        var range: Range<Int>

        func makeAsyncIterator() -> Body { self }

        /// Only pieces are asked for.
        mutating func next() async throws -> UInt8? { nil }

        mutating func nextBuffer(suggested count: Int) async throws -> Data? {
            guard !range.isEmpty else { return nil }
            let (handle, offset, length) = (
                file.handle, range.lowerBound, Swift.min(range.count, 1 << 18)
            )
            let piece = try await StoredFile.reading {
                try handle.seek(toOffset: UInt64(offset))
                return try handle.read(upToCount: length) ?? Data()
            }
            // It became shorter than was promised.
            guard !piece.isEmpty else { throw SocketError.disconnected }
            range = offset + piece.count..<range.upperBound
            return piece
        }
    }
}
