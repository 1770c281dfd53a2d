internal import Configuration
internal import FlyingFox
internal import FlyingSocks
internal import Foundation
internal import Synchronization

/// Counts long answers that are being sent.
final class StreamCount: Sendable {
    private let limit: Int
    private let count = Atomic(0)

    init(limit: Int) { self.limit = limit }

    /// A place among so many; given back when the last reference to it goes.
    final class Place: Sendable {
        private let owner: StreamCount

        fileprivate init(_ owner: StreamCount) { self.owner = owner }

        deinit { owner.count.wrappingSubtract(1, ordering: .relaxed) }
    }

    /// A place, or nil where all are taken.
    func take() -> Place? {
        guard count.wrappingAdd(1, ordering: .relaxed).newValue <= limit else {
            count.wrappingSubtract(1, ordering: .relaxed)
            return nil
        }
        return Place(self)
    }
}

/// A camera's pictures one after another, as browsers show them in place of an image.
struct PictureStream: AsyncBufferedSequence {
    typealias Element = UInt8

    let display: LatestPreview
    let place: StreamCount.Place
    /// Seconds without a picture after which the stream ends: whether anybody still watches is found only by sending.
    var silence = 15.0

    func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        fileprivate let stream: PictureStream
        private var number = 0

        fileprivate init(stream: PictureStream) { self.stream = stream }

        /// Only pieces are asked for.
        mutating func next() async throws -> UInt8? { nil }

        /// The next picture as one part; nil when the camera has been silent for long.
        mutating func nextBuffer(suggested count: Int) async throws -> Data? {
            let display = stream.display
            guard let picture = await display.picture(after: number, within: stream.silence) else {
                return nil
            }
            number = picture.number
            let head =
                "--picture\r\nContent-Type: image/jpeg\r\n"
                + "Content-Length: \(picture.jpeg.count)\r\n\r\n"
            return Data(head.utf8) + picture.jpeg + Data("\r\n".utf8)
        }
    }
}
