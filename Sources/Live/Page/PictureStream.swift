internal import FlyingFox
internal import FlyingSocks
internal import Foundation
internal import Synchronization

/// Counts long answers that are being sent.
final class StreamCount: Sendable {
    private let count = Atomic(0)

    /// A place among so many; given back when the last reference to it goes.
    final class Place: Sendable {
        private let owner: StreamCount
        private let pause: ReadingTime.Pause

        fileprivate init(_ owner: StreamCount, _ pause: ReadingTime.Pause) {
            (self.owner, self.pause) = (owner, pause)
        }

        deinit { owner.count.wrappingSubtract(1, ordering: .relaxed) }
    }

    /// A place, or nil where all are taken; nothing is read for whoever is sent so much, so the pause is kept as long.
    func take(limit: Int, _ pause: ReadingTime.Pause) -> Place? {
        guard count.wrappingAdd(1, ordering: .relaxed).newValue <= limit else {
            count.wrappingSubtract(1, ordering: .relaxed)
            return nil
        }
        return Place(self, pause)
    }
}

/// A camera's pictures one after another, as browsers show them in place of an image.
struct PictureStream: AsyncBufferedSequence {
    typealias Element = UInt8

    let display: Display
    let place: StreamCount.Place

    func makeAsyncIterator() -> Iterator { Iterator(display: display, place: place) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        let display: Display
        let place: StreamCount.Place
        private var number = 0

        init(display: Display, place: StreamCount.Place) {
            self.display = display
            self.place = place
        }

        /// Only pieces are asked for.
        mutating func next() async throws -> UInt8? { nil }

        /// The next picture as one part; waits through any silence of the camera.
        mutating func nextBuffer(suggested count: Int) async throws -> Data? {
            while !Task.isCancelled {
                guard let picture = await display.picture(after: number, within: 60) else {
                    continue
                }
                number = picture.number
                let head =
                    "--picture\r\nContent-Type: image/jpeg\r\n"
                    + "Content-Length: \(picture.jpeg.count)\r\n\r\n"
                return Data(head.utf8) + picture.jpeg + Data("\r\n".utf8)
            }
            return nil
        }
    }
}
