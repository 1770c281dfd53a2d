internal import Configuration
internal import EventStore
internal import Flow
internal import FlyingFox
internal import Foundation
internal import Pipeline
internal import Publishing
internal import Video

/// Handler of every request to the page; checks access and limits before anything else.
struct PageHandler: CountedHandler {
    private let cameras: [Camera]
    private let eventQueue: EventQueue
    private let snapshots: String?
    private let token: String?
    private let publisher: EventPublisher?
    private let review: ReviewAPI
    private let history: LoadHistory
    let usage = ClientUsage()
    private let guesses = GuessLimiter()
    private let streams = ConcurrencyLimit(16)
    private let files = ConcurrencyLimit(16)
    /// Requests that wait for a single frame.
    private let previews = ConcurrencyLimit(64)

    init(
        cameras: [Camera], eventQueue: EventQueue, snapshots: String?, token: String?,
        publisher: EventPublisher? = nil, store: OpenStore? = nil,
        thumbnails: RecentThumbnails = RecentThumbnails(),
        history: LoadHistory = LoadHistory(cameras: [])
    ) {
        self.history = history
        let recorders = cameras.compactMap { camera in
            camera.recorder.map { (camera.description.name, $0.cameraFolder) }
        }
        review = ReviewAPI(
            store: store, thumbnails: thumbnails, snapshots: snapshots,
            recordings: Dictionary(recorders, uniquingKeysWith: { $1 }))
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
            guard ![.GET, .HEAD].contains(request.method) else { return await get(request) }
            guard Self.isSameOrigin(request) else {
                return Self.refusal(.forbidden, "Only the page itself may request that.")
            }
            return request.method == .POST ? post(request.path) : await review.change(request)
        }
    }

    /// Redirects to the path without its token, which the cookie replaces.
    private static func redirect(to path: String, cookie: String) -> HTTPResponse {
        var headers = headers("text/plain; charset=utf-8")
        headers[.location] = location(of: path)
        headers[HTTPHeader("Set-Cookie")] = cookie
        return HTTPResponse(statusCode: .seeOther, headers: headers)
    }

    /// Path as an address of this page, percent-encoded.
    private static func location(of path: String) -> String {
        let path = path.drop { $0 == "/" }
        return "/" + (path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? "")
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
        if parts.count <= 1, let asset = PageAssets.all[parts.first ?? ""] {
            return Self.reply(Data(asset.bytes), asset.type)
        }
        let query = Dictionary(
            request.query.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        if let response = await review.get(parts, query.filter { $0.key != "token" }) {
            return response
        }
        switch (parts.first, parts.count) {
        case ("metrics", 1): return metrics
        case ("api", 2) where parts[1] == "cameras":
            return Self.json(cameras.map { CameraReply($0.status) })
        case ("api", 2) where parts[1] == "events":
            let events = eventQueue.recent.map(review.reply).joined(separator: ",")
            return Self.reply(Data("[\(events)]".utf8), "application/json")
        case ("api", 2) where parts[1] == "history":
            return Self.reply(Data(history.json.utf8), "application/json")
        case ("api", 4) where parts[1] == "cameras" && parts[3] == "places":
            guard let camera = cameras.first(where: { $0.description.name == parts[2] }) else {
                return Self.refusal(.notFound, "There is no such camera.")
            }
            return Self.json(PlacesReply(camera.description))
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
            publishing: publisher?.counts ?? [], store: review.store?.writer.counts)
        return Self.reply(Data(text.utf8), "text/plain; version=0.0.4; charset=utf-8")
    }

    /// Healthy while any camera sends frames; says nothing else, since no token is needed.
    private var health: HTTPResponse {
        let isHealthy = cameras.contains { $0.status.state == .watching }
        return isHealthy
            ? Self.reply(Data("ok\n".utf8), "text/plain; charset=utf-8")
            : Self.refusal(.serviceUnavailable, "No camera sends frames.")
    }

    static func json(
        _ value: some Encodable, _ code: HTTPStatusCode = .ok
    ) -> HTTPResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else {
            return refusal(.internalServerError, "The response could not be encoded.")
        }
        return reply(data, "application/json", code)
    }

    static func reply(
        _ data: Data, _ type: String, _ code: HTTPStatusCode = .ok
    ) -> HTTPResponse {
        HTTPResponse(statusCode: code, headers: headers(type), body: data)
    }

    static func refusal(_ code: HTTPStatusCode, _ sentence: String) -> HTTPResponse {
        HTTPResponse(
            statusCode: code, headers: headers("text/plain; charset=utf-8"),
            body: Data((sentence + "\n").utf8))
    }

    static func headers(_ type: String) -> HTTPHeaders {
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
