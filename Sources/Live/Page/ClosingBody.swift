internal import FlyingFox
internal import FlyingSocks
internal import Foundation

/// An answer after which the connection ends.
///
/// The server goes on reading whatever a header says, and what is left of a body would be taken for the next request.
struct ClosingBody: AsyncBufferedSequence, AsyncBufferedIteratorProtocol {
    typealias Element = UInt8

    private let words: Data
    private var isSaid = false

    init(_ words: String) { self.words = Data(words.utf8) }

    /// The answer's body.
    var body: HTTPBodySequence { HTTPBodySequence(from: self, count: words.count) }

    func makeAsyncIterator() -> ClosingBody { self }

    /// Only pieces are asked for.
    mutating func next() async throws -> UInt8? { nil }

    mutating func nextBuffer(suggested count: Int) async throws -> Data? {
        // An error while an answer is sent is what ends a connection.
        guard !isSaid else { throw SocketError.disconnected }
        isSaid = true
        return words
    }
}
