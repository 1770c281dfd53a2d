internal import Configuration
internal import Flow
internal import FlyingFox
internal import Foundation
internal import Pipeline
internal import Publishing
internal import Video

/// Handler of every request to the page; checks access and limits before anything else.
struct PageHandler: HTTPHandler {
    private let cameras: [Camera]
    private let eventQueue: EventQueue
    private let snapshots: String?
    private let token: String?
    private let publisher: EventPublisher?
    let usage = ClientUsage()
    private let guesses = GuessLimiter()
    private let streams = ConcurrencyLimit(16)
    private let files = ConcurrencyLimit(16)
    /// Requests that wait for a single frame.
    private let previews = ConcurrencyLimit(64)

    private static let longestPath = 256
    /// Largest size of all header names and values together, in bytes.
    private static let longestHeaders = Int(ClientUsage.longestRequest)
    private static let assets: [String: (bytes: [UInt8], type: String)] = [
        "": (PackageResources.page_html, "text/html; charset=utf-8"),
        "page.js": (PackageResources.page_js, "text/javascript; charset=utf-8"),
        "page.css": (PackageResources.page_css, "text/css; charset=utf-8"),
    ]

    init(
        cameras: [Camera], eventQueue: EventQueue, snapshots: String?, token: String?,
        publisher: EventPublisher? = nil
    ) {
        self.publisher = publisher
        self.cameras = cameras
        self.eventQueue = eventQueue
        self.snapshots = snapshots
        self.token = token
    }

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        usage.countRequest(of: request.remoteAddress)
        let response = await receive(request)
        // The response to a refused body must keep its closing body.
        guard request.method == .HEAD, response.statusCode != .payloadTooLarge,
            case .httpBody(let body) = response.payload
        else { return response }
        // The server would send the body, which only GET asks for.
        var headers = response.headers
        headers[.contentLength] = body.count.map { String($0) }
        return HTTPResponse(statusCode: response.statusCode, headers: headers)
    }

    private func receive(_ request: HTTPRequest) async -> HTTPResponse {
        if let refusal = Self.refusal(ofForm: request) { return refusal }
        if request.path == "/healthz" { return health }
        switch guesses.decide(request, token) {
        case nil: return Self.refusal(.tooManyRequests, "Too many wrong tokens: wait a second.")
        case .wrongToken:
            await guesses.punish(request.remoteAddress)
            return Self.refusal(.unauthorized, "The token is wrong.")
        case .foreignSite:
            return Self.refusal(.forbidden, "Pages of other sites may link here, no more.")
        case .unauthorized: return Self.refusal(.unauthorized, "A token is needed: add ?token=…")
        case .foreignHost: return Self.refusal(.forbidden, "Use the page's own address.")
        case .redirect(let cookie): return Self.redirect(to: request.path, cookie: cookie)
        case .allowed:
            guard request.method == .POST else { return await get(request) }
            guard Self.isSameOrigin(request) else {
                return Self.refusal(.forbidden, "Only the page itself may request that.")
            }
            return post(request.path)
        }
    }

    /// Refusal of a request by its body, method or size; nil for an acceptable one.
    private static func refusal(ofForm request: HTTPRequest) -> HTTPResponse? {
        // First, since the rest of a body would be read as a request.
        guard request.bodySequence.count == 0 else {
            var refusal = HTTPResponse(
                statusCode: .payloadTooLarge,
                body: ClosingBody("Request bodies are not accepted.\n").body)
            refusal.headers = headers("text/plain; charset=utf-8")
            refusal.headers[.connection] = "close"
            return refusal
        }
        guard [.GET, .HEAD, .POST].contains(request.method) else {
            return refusal(.methodNotAllowed, "Only GET, HEAD and POST are supported.")
        }
        guard request.path.utf8.count <= longestPath else {
            return refusal(.uriTooLong, "The path is too long.")
        }
        guard length(of: request.headers) <= longestHeaders else {
            return refusal(.requestHeaderFieldsTooLarge, "The headers are too long.")
        }
        return nil
    }

    /// Redirects to the path without its token, which the cookie replaces.
    private static func redirect(to path: String, cookie: String) -> HTTPResponse {
        var headers = headers("text/plain; charset=utf-8")
        headers[.location] = location(of: path)
        headers[HTTPHeader("Set-Cookie")] = cookie
        return HTTPResponse(statusCode: .seeOther, headers: headers)
    }

    private static func length(of headers: HTTPHeaders) -> Int {
        headers.reduce(0) { $0 + $1.key.rawValue.utf8.count + $1.value.utf8.count }
    }

    /// Path as an address of this page, percent-encoded.
    private static func location(of path: String) -> String {
        let path = path.drop { $0 == "/" }
        return "/" + (path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? "")
    }

    /// True for requests of this page: another site must not act with the client's cookie (CSRF).
    ///
    /// Browsers send the origin in `Origin` and `Sec-Fetch-Site`.
    private static func isSameOrigin(_ request: HTTPRequest) -> Bool {
        let site = request.headers[HTTPHeader("Sec-Fetch-Site")]
        guard site == nil || site == "same-origin" || site == "none" else { return false }
        guard let origin = request.headers[HTTPHeader("Origin")] else { return true }
        guard let host = request.headers[.host], let mark = origin.range(of: "://") else {
            return false
        }
        return origin[mark.upperBound...].lowercased() == host.lowercased()
    }

    /// `POST /api/cameras/NAME/clip`.
    private func post(_ path: String) -> HTTPResponse {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        guard parts.count == 4, parts[0] == "api", parts[1] == "cameras", parts[3] == "clip",
            let camera = cameras.first(where: { $0.description.name == parts[2] })
        else { return Self.refusal(.methodNotAllowed, "Nothing can be requested here.") }
        guard let recorder = camera.recorder else {
            return Self.refusal(.conflict, "Nothing is recorded: set record.folder.")
        }
        switch recorder.requestClip() {
        case .accepted(let clip): return Self.json(["clip": clip], .accepted)
        case .refused(let reason): return Self.refusal(.serviceUnavailable, reason)
        }
    }

    private func get(_ request: HTTPRequest) async -> HTTPResponse {
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: true).map(
            String.init)
        if parts.count <= 1, let asset = Self.assets[parts.first ?? ""] {
            return Self.reply(Data(asset.bytes), asset.type)
        }
        switch (parts.first, parts.count) {
        case ("metrics", 1): return metrics
        case ("api", 2) where parts[1] == "cameras":
            return Self.json(cameras.map { CameraReply($0.status) })
        case ("api", 2) where parts[1] == "events":
            let events = eventQueue.recent.map(\.reply).joined(separator: ",")
            return Self.reply(Data("[\(events)]".utf8), "application/json")
        case ("cameras", 2): return await frames(parts[1])
        case ("snapshots", 2): return await snapshot(parts[1], request)
        case ("recordings", 3): return await recording(parts[1], parts[2], request)
        default: return Self.refusal(.notFound, "There is no such page.")
        }
    }

    /// `NAME.jpg` or `NAME.mjpeg`.
    private func frames(_ file: String) async -> HTTPResponse {
        let parts = file.split(separator: ".").map(String.init)
        guard parts.count == 2,
            let camera = cameras.first(where: { $0.description.name == parts[0] })
        else { return Self.refusal(.notFound, "There is no such camera.") }
        switch parts[1] {
        case "jpg":
            guard let permit = previews.acquire() else {
                return Self.refusal(.serviceUnavailable, "Too many frames are requested already.")
            }
            defer { withExtendedLifetime(permit) {} }
            guard let preview = await camera.preview.preview(after: 0, within: 2) else {
                return Self.refusal(.serviceUnavailable, "The camera sends nothing at present.")
            }
            return Self.reply(preview.jpeg, "image/jpeg")
        case "mjpeg":
            guard let permit = streams.acquire() else {
                return Self.refusal(.serviceUnavailable, "Too many streams are open already.")
            }
            let body = MJPEGStream(preview: camera.preview, permit: permit)
            var response = HTTPResponse(statusCode: .ok, body: HTTPBodySequence(from: body))
            response.headers = Self.headers(
                "multipart/x-mixed-replace; boundary=\(MJPEGStream.boundary)")
            return response
        default: return Self.refusal(.notFound, "A camera is NAME.jpg or NAME.mjpeg.")
        }
    }

    /// Snapshot of a recent event; other files of the folder are not served.
    private func snapshot(_ name: String, _ request: HTTPRequest) async -> HTTPResponse {
        guard let snapshots, eventQueue.recent.contains(where: { $0.snapshot == name }) else {
            return Self.refusal(.notFound, "There is no such snapshot.")
        }
        return await file([name], in: { RealFolder(given: snapshots) }, request)
    }

    /// Finished recording `CAMERA/NAME`, with or without extension; other files are not served.
    private func recording(
        _ name: String, _ file: String, _ request: HTTPRequest
    ) async -> HTTPResponse {
        let recorder = cameras.first { $0.description.name == name }?.recorder
        return await self.file(
            recorder?.finished(file) ?? [],
            in: { recorder.flatMap { RealFolder($0.cameraFolder) } },
            request)
    }

    /// First existing file of several names in a folder.
    private func file(
        _ names: [String], in folder: @escaping @Sendable () -> RealFolder?, _ request: HTTPRequest
    ) async -> HTTPResponse {
        guard let permit = files.acquire() else {
            return Self.refusal(.serviceUnavailable, "Too many files are being read.")
        }
        guard let file = await StoredFile(names, in: folder, permit: permit) else {
            return Self.refusal(.notFound, "There is no such file, or it is still being written.")
        }
        var (response, headers) = (file.response(to: request), Self.headers(file.type))
        for (name, value) in response.headers { headers[name] = value }
        response.headers = headers
        return response
    }

    private var metrics: HTTPResponse {
        let latencies = cameras.map { camera in
            let toDetections = camera.detectionLatency.withLock { $0 }
            return PipelineStep.allCases.filter { $0 != .encode && $0 != .draw }
                .map { ($0.rawValue, camera.stepTimes[$0]) }
                // The second is the former name, written for one release.
                + [("arrival_to_detections", toDetections), ("answer", toDetections)]
        }
        let text = MetricsText.text(
            cameras.map(\.status), latencies, events: eventQueue.counts,
            publishing: publisher?.counts ?? [])
        return Self.reply(Data(text.utf8), "text/plain; version=0.0.4; charset=utf-8")
    }

    /// Healthy while any camera sends frames; says nothing else, since no token is needed.
    private var health: HTTPResponse {
        let isHealthy = cameras.contains { $0.status.state == .watching }
        return isHealthy
            ? Self.reply(Data("ok\n".utf8), "text/plain; charset=utf-8")
            : Self.refusal(.serviceUnavailable, "No camera sends frames.")
    }

    private static func json(
        _ value: some Encodable, _ code: HTTPStatusCode = .ok
    ) -> HTTPResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else {
            return refusal(.internalServerError, "The response could not be encoded.")
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
        headers[HTTPHeader("Cross-Origin-Resource-Policy")] = "same-origin"
        headers[HTTPHeader("Content-Security-Policy")] =
            "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        return headers
    }
}
