internal import FlyingFox
internal import FlyingSocks
internal import Foundation

/// Endless stream of a camera's drawn frames (`multipart/x-mixed-replace`), as browsers show it in
/// place of an image.
struct MJPEGStream: AsyncBufferedSequence {
    typealias Element = UInt8

    /// Separator of the parts.
    static let boundary = "frame"

    let preview: LatestPreview
    let permit: ConcurrencyLimit.Permit
    /// Seconds without a frame after which the stream ends: only sending shows that a viewer left.
    var silence = 15.0

    func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        fileprivate let stream: MJPEGStream
        private var number = 0

        fileprivate init(stream: MJPEGStream) { self.stream = stream }

        /// Unused: the server asks for buffers only.
        mutating func next() async throws -> UInt8? { nil }

        /// Next frame as one part; nil when the camera has been silent for too long.
        mutating func nextBuffer(suggested count: Int) async throws -> Data? {
            let next = await stream.preview.preview(after: number, within: stream.silence)
            guard let next else { return nil }
            number = next.number
            let head =
                "--\(MJPEGStream.boundary)\r\nContent-Type: image/jpeg\r\n"
                + "Content-Length: \(next.jpeg.count)\r\n\r\n"
            return Data(head.utf8) + next.jpeg + Data("\r\n".utf8)
        }
    }
}
