internal import FlyingFox
internal import FlyingSocks
internal import Foundation

/// Body of a response after which the connection is closed.
///
/// The server ignores `Connection: close`, and would take the rest of a refused request body for the
/// next request.
struct ClosingBody: AsyncBufferedSequence, AsyncBufferedIteratorProtocol {
    typealias Element = UInt8

    private let text: Data
    private var isSent = false

    init(_ text: String) { self.text = Data(text.utf8) }

    /// Body of the response.
    var body: HTTPBodySequence { HTTPBodySequence(from: self, count: text.count) }

    func makeAsyncIterator() -> ClosingBody { self }

    /// Unused: the server asks for buffers only.
    mutating func next() async throws -> UInt8? { nil }

    mutating func nextBuffer(suggested count: Int) async throws -> Data? {
        // Only an error while a response is sent makes the server close its connection.
        guard !isSent else { throw SocketError.disconnected }
        isSent = true
        return text
    }
}
