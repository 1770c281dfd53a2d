internal import Configuration
internal import Flow
internal import FlyingFox
internal import Foundation
internal import Pipeline

/// Answers every request to the page: looks at who asks and for what before anything else.
struct PageHandler: HTTPHandler {
    private let cameras: [Camera]
    private let desk: EventLog
    private let snapshots: String?
    private let token: String?
    let visits = ClientUsage()
    private let streams = StreamCount(limit: 16)
    private let reads = StreamCount(limit: 16)
    /// Those who wait for a single picture.
    private let looks = StreamCount(limit: 64)

    private static let longestPath = 256
    /// Bytes of all names and values together.
    private static let longestHeaders = Int(ClientUsage.longestRequest)
    private static let pieces: [String: (bytes: [UInt8], type: String)] = [
        "": (PackageResources.page_html, "text/html; charset=utf-8"),
        "page.js": (PackageResources.page_js, "text/javascript; charset=utf-8"),
        "page.css": (PackageResources.page_css, "text/css; charset=utf-8"),
    ]

    init(cameras: [Camera], desk: EventLog, snapshots: String?, token: String?) {
        self.cameras = cameras
        self.desk = desk
        self.snapshots = snapshots
        self.token = token
    }

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        visits.noteRequest(of: request.remoteAddress)
        let response = await receive(request)
        // A refused body ends the connection by what its answer says last.
        guard request.method == .HEAD, response.statusCode != .payloadTooLarge,
            case .httpBody(let body) = response.payload
        else { return response }
        // The server would send what only GET asks for.
        var headers = response.headers
        headers[.contentLength] = body.count.map { String($0) }
        return HTTPResponse(statusCode: response.statusCode, headers: headers)
    }

    private func receive(_ request: HTTPRequest) async -> HTTPResponse {
        // Before all other refusals: what is left of a body would be read as a request.
        guard request.bodySequence.count == 0 else {
            var refusal = HTTPResponse(
                statusCode: .payloadTooLarge, body: ClosingBody("Nothing is taken here.\n").body)
            refusal.headers = Self.headers("text/plain; charset=utf-8")
            refusal.headers[.connection] = "close"
            return refusal
        }
        guard [.GET, .HEAD, .POST].contains(request.method) else {
            return Self.refusal(.methodNotAllowed, "Only GET, HEAD and POST.")
        }
        guard request.path.utf8.count <= Self.longestPath else {
            return Self.refusal(.uriTooLong, "Too long.")
        }
        guard Self.length(of: request.headers) <= Self.longestHeaders else {
            return Self.refusal(
                .requestHeaderFieldsTooLarge, "Too much is said beside the address.")
        }
        if request.path == "/healthz" { return health }
        switch Visitor(request, token: token) {
        case .stranger: return Self.refusal(.unauthorized, "A token is needed: add ?token=…")
        case .misled: return Self.refusal(.forbidden, "Use the page's own address.")
        case .welcome:
            guard request.method == .POST else { return await answer(request) }
            guard Self.isOfThisPage(request) else {
                return Self.refusal(.forbidden, "Only the page itself may ask for that.")
            }
            return act(request.path)
        case .arrived(let cookie):
            var headers = Self.headers("text/plain; charset=utf-8")
            headers[.location] = Self.location(of: request.path)
            headers[HTTPHeader("Set-Cookie")] = cookie
            return HTTPResponse(statusCode: .seeOther, headers: headers)
        }
    }

    private static func length(of headers: HTTPHeaders) -> Int {
        headers.reduce(0) { $0 + $1.key.rawValue.utf8.count + $1.value.utf8.count }
    }

    /// A path of this page again as an address, whatever it holds.
    private static func location(of path: String) -> String {
        let path = path.drop { $0 == "/" }
        return "/" + (path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? "")
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

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: true).map(
            String.init)
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
        case ("snapshots", 2): return await snapshot(parts[1], request)
        case ("recordings", 3): return await recording(parts[1], parts[2], request)
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
            guard let place = looks.take() else {
                return Self.refusal(.serviceUnavailable, "Too many look already.")
            }
            defer { withExtendedLifetime(place) {} }
            guard let picture = await camera.display.picture(after: 0, within: 2) else {
                return Self.refusal(.serviceUnavailable, "The camera shows nothing at present.")
            }
            return Self.reply(picture.jpeg, "image/jpeg")
        case "mjpeg":
            guard let place = streams.take() else {
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
    private func snapshot(_ name: String, _ request: HTTPRequest) async -> HTTPResponse {
        guard let snapshots, desk.recent.contains(where: { $0.snapshot == name }) else {
            return Self.refusal(.notFound, "There is no such snapshot.")
        }
        return await file([snapshots + "/" + name], request)
    }

    /// `CAMERA/NAME`, with or without its ending: what a camera's recorder has finished, and nothing else that lies
    /// there.
    private func recording(
        _ name: String, _ file: String, _ request: HTTPRequest
    ) async -> HTTPResponse {
        let camera = cameras.first { $0.description.name == name }
        return await self.file(camera?.recording?.finished(file) ?? [], request)
    }

    /// The first of these files that is there.
    private func file(_ paths: [String], _ request: HTTPRequest) async -> HTTPResponse {
        guard let place = reads.take() else {
            return Self.refusal(.serviceUnavailable, "Too many files are being read.")
        }
        guard let file = await StoredFile(paths, place: place) else {
            return Self.refusal(.notFound, "There is no such file, or it still grows.")
        }
        var (response, headers) = (file.answer(to: request), Self.headers(file.type))
        for (name, value) in response.headers { headers[name] = value }
        response.headers = headers
        return response
    }

    private var metrics: HTTPResponse {
        let latencies = cameras.map { camera in
            Stage.allCases.filter { $0 != .encode && $0 != .draw }
                .map { ($0.rawValue, camera.recorder[$0]) }
                + [("answer", camera.answerTimes.withLock { $0 })]
        }
        let text = MetricsText.text(cameras.map(\.status), latencies, events: desk.counts)
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
