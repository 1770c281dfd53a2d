internal import Flow
internal import FlyingFox
internal import FlyingSocks
internal import Foundation
internal import Pipeline
internal import Synchronization

/// Answers every request to the page: looks at who asks and for what before anything else.
struct PageHandler: HTTPHandler {
    private let cameras: [Camera]
    private let desk: EventDesk
    private let snapshots: String?
    private let token: String?
    private let streams = StreamCount()

    /// Endless pictures that may be sent at once.
    private static let streamLimit = 16
    private static let longestPath = 256
    private static let pieces: [String: (bytes: [UInt8], type: String)] = [
        "": (PackageResources.page_html, "text/html; charset=utf-8"),
        "page.js": (PackageResources.page_js, "text/javascript; charset=utf-8"),
        "page.css": (PackageResources.page_css, "text/css; charset=utf-8"),
    ]

    init(cameras: [Camera], desk: EventDesk, snapshots: String?, token: String?) {
        self.cameras = cameras
        self.desk = desk
        self.snapshots = snapshots
        self.token = token
    }

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard [.GET, .HEAD, .POST].contains(request.method) else {
            return Self.refusal(.methodNotAllowed, "Only GET, HEAD and POST.")
        }
        guard request.path.utf8.count <= Self.longestPath else {
            return Self.refusal(HTTPStatusCode(414, phrase: "URI Too Long"), "Too long.")
        }
        if request.path == "/healthz" { return health }
        switch Visitor(request, token: token) {
        case .stranger: return Self.refusal(.unauthorized, "A token is needed: add ?token=…")
        case .misled: return Self.refusal(.forbidden, "Use the page's own address.")
        case .welcome:
            guard request.method == .POST else { return await answer(request.path) }
            guard Self.isOfThisPage(request) else {
                return Self.refusal(.forbidden, "Only the page itself may ask for that.")
            }
            return act(request.path)
        case .arrived(let cookie):
            var headers = Self.headers("text/plain; charset=utf-8")
            headers[.location] = request.path
            headers[HTTPHeader("Set-Cookie")] = cookie
            return HTTPResponse(statusCode: .seeOther, headers: headers)
        }
    }

    /// Browsers say which page a request comes from; one of another site must not act in a visitor's name.
    private static func isOfThisPage(_ request: HTTPRequest) -> Bool {
        let site = request.headers[HTTPHeader("Sec-Fetch-Site")]
        guard site == nil || site == "same-origin" || site == "none" else { return false }
        guard let origin = request.headers[HTTPHeader("Origin")] else { return true }
        guard let host = request.headers[.host], let mark = origin.range(of: "://") else {
            return false
        }
        return origin[mark.upperBound...].lowercased() == host.lowercased()
    }

    /// `POST /api/cameras/NAME/clip`.
    private func act(_ path: String) -> HTTPResponse {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        guard parts.count == 4, parts[0] == "api", parts[1] == "cameras", parts[3] == "clip",
            let camera = cameras.first(where: { $0.description.name == parts[2] })
        else { return Self.refusal(.methodNotAllowed, "Nothing can be asked for here.") }
        guard let recorder = camera.recording else {
            return Self.refusal(.conflict, "Nothing is recorded: give record.folder.")
        }
        switch recorder.askForClip() {
        case .made(let clip): return Self.json(["clip": clip], .accepted)
        case .refused(let reason): return Self.refusal(.serviceUnavailable, reason)
        }
    }

    private func answer(_ path: String) async -> HTTPResponse {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        if parts.count <= 1, let piece = Self.pieces[parts.first ?? ""] {
            return Self.reply(Data(piece.bytes), piece.type)
        }
        switch (parts.first, parts.count) {
        case ("metrics", 1): return metrics
        case ("api", 2) where parts[1] == "cameras":
            return Self.json(cameras.map { CameraReply($0.status) })
        case ("api", 2) where parts[1] == "events":
            return Self.json(desk.recent.map(EventReply.init))
        case ("cameras", 2): return await picture(parts[1])
        case ("snapshots", 2): return snapshot(parts[1])
        default: return Self.refusal(.notFound, "There is no such thing here.")
        }
    }

    /// `NAME.jpg` or `NAME.mjpeg`.
    private func picture(_ file: String) async -> HTTPResponse {
        let parts = file.split(separator: ".").map(String.init)
        guard parts.count == 2,
            let camera = cameras.first(where: { $0.description.name == parts[0] })
        else { return Self.refusal(.notFound, "There is no such camera.") }
        switch parts[1] {
        case "jpg":
            guard let picture = await camera.display.picture(after: 0, within: 2) else {
                return Self.refusal(.serviceUnavailable, "The camera shows nothing at present.")
            }
            return Self.reply(picture.jpeg, "image/jpeg")
        case "mjpeg":
            guard let place = streams.take(limit: Self.streamLimit) else {
                return Self.refusal(.serviceUnavailable, "Too many watch already.")
            }
            let body = PictureStream(display: camera.display, place: place)
            var response = HTTPResponse(statusCode: .ok, body: HTTPBodySequence(from: body))
            response.headers = Self.headers("multipart/x-mixed-replace; boundary=picture")
            return response
        default: return Self.refusal(.notFound, "A camera is NAME.jpg or NAME.mjpeg.")
        }
    }

    /// Only what a recent event names is handed out, whatever else lies in the folder.
    private func snapshot(_ name: String) -> HTTPResponse {
        guard let snapshots, desk.recent.contains(where: { $0.snapshot == name }),
            let data = try? Data(contentsOf: URL(fileURLWithPath: snapshots + "/" + name))
        else { return Self.refusal(.notFound, "There is no such snapshot.") }
        return Self.reply(data, "image/jpeg")
    }

    private var metrics: HTTPResponse {
        let latencies = cameras.map { camera in
            Stage.allCases.filter { $0 != .encode && $0 != .draw }
                .map { ($0.rawValue, camera.recorder[$0]) }
                + [("answer", camera.answerTimes.withLock { $0 })]
        }
        let text = MetricsText.text(cameras.map(\.status), latencies)
        return Self.reply(Data(text.utf8), "text/plain; version=0.0.4; charset=utf-8")
    }

    /// Well as long as any camera shows something; says nothing but that, since anybody may ask.
    private var health: HTTPResponse {
        let isWell = cameras.contains { $0.status.state == .watching }
        return isWell
            ? Self.reply(Data("ok\n".utf8), "text/plain; charset=utf-8")
            : Self.refusal(.serviceUnavailable, "No camera shows anything.")
    }

    private static func json(
        _ value: some Encodable, _ code: HTTPStatusCode = .ok
    ) -> HTTPResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else {
            return refusal(.internalServerError, "The answer could not be written.")
        }
        return reply(data, "application/json", code)
    }

    private static func reply(
        _ data: Data, _ type: String, _ code: HTTPStatusCode = .ok
    ) -> HTTPResponse {
        HTTPResponse(statusCode: code, headers: headers(type), body: data)
    }

    private static func refusal(_ code: HTTPStatusCode, _ sentence: String) -> HTTPResponse {
        HTTPResponse(
            statusCode: code, headers: headers("text/plain; charset=utf-8"),
            body: Data((sentence + "\n").utf8))
    }

    private static func headers(_ type: String) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers[.contentType] = type
        headers[HTTPHeader("Cache-Control")] = "no-store"
        headers[HTTPHeader("X-Content-Type-Options")] = "nosniff"
        headers[HTTPHeader("Referrer-Policy")] = "no-referrer"
        headers[HTTPHeader("Content-Security-Policy")] =
            "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        return headers
    }
}

/// Who asks, as far as it matters.
private enum Visitor {
    /// May see the page.
    case welcome
    /// Brought the token in the address; gets a cookie and is sent on without it.
    case arrived(cookie: String)
    /// Does not know the token.
    case stranger
    /// Reached a page of this machine under a name that is not this machine's, as a hostile page would make it.
    case misled

    init(_ request: HTTPRequest, token: String?) {
        guard let token else {
            let host = (request.headers[.host] ?? "").split(separator: "]").first ?? ""
            let name = host.hasPrefix("[") ? host.dropFirst() : host.prefix { $0 != ":" }
            self = PageAddress.isLoopback(String(name)) ? .welcome : .misled
            return
        }
        let bearer = "Bearer " + token
        let cookies = (request.headers[HTTPHeader("Cookie")] ?? "").split(separator: ";")
            .map { $0.drop { $0 == " " } }
        if Self.equal(request.headers[.authorization] ?? "", bearer)
            || cookies.contains(where: { Self.equal(String($0), "token=" + token) })
        {
            self = .welcome
        } else if let given = request.query.first(where: { $0.name == "token" })?.value,
            Self.equal(given, token)
        {
            self = .arrived(cookie: "token=\(token); HttpOnly; SameSite=Strict; Path=/")
        } else {
            self = .stranger
        }
    }

    /// Compares in a time that says nothing about where two texts differ.
    private static func equal(_ a: String, _ b: String) -> Bool {
        guard a.utf8.count == b.utf8.count else { return false }
        return zip(a.utf8, b.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// Counts endless answers that are being sent.
private final class StreamCount: Sendable {
    private let count = Atomic(0)

    /// A place among so many; given back when the last reference to it goes.
    final class Place: Sendable {
        private let owner: StreamCount

        fileprivate init(_ owner: StreamCount) { self.owner = owner }

        deinit { owner.count.wrappingSubtract(1, ordering: .relaxed) }
    }

    func take(limit: Int) -> Place? {
        guard count.wrappingAdd(1, ordering: .relaxed).newValue <= limit else {
            count.wrappingSubtract(1, ordering: .relaxed)
            return nil
        }
        return Place(self)
    }
}

/// A camera's pictures one after another, as browsers show them in place of an image.
private struct PictureStream: AsyncBufferedSequence {
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
