public import Configuration
public import Flow
internal import FlyingFox
internal import Foundation
public import Pipeline
internal import Video

/// Editor of zones and lines over one frame of a file, served until a stop.
public struct FilePlacesPage: Sendable {
    private let address: PageAddress
    private let handler: FilePlacesHandler

    /// Reads the frame.
    ///
    /// - Parameters:
    ///   - file: Recording or image.
    ///   - seconds: Position of the frame in seconds of playback.
    ///   - page: `HOST:PORT` on this machine; it needs no token.
    ///   - description: Zones and lines to begin with.
    /// - Throws: A `RunError` when the file has no such frame, or the address cannot be used.
    public init(
        _ file: String, at seconds: Double, page: String, _ description: DetectDescription
    ) throws(RunError) {
        var described = LiveDescription().page
        described.address = page
        address = try PageAddress(described, environment: [:])
        handler = FilePlacesHandler(
            name: Self.name(of: file), jpeg: Data(try Self.jpeg(of: file, at: seconds)),
            places: PlacesReply(description))
    }

    /// Serves until the stop; `report` receives the address.
    ///
    /// - Throws: A `RunError` when the address is in use.
    public func serve(until stop: StopSignal, report: (String) -> Void) throws(RunError) {
        let server = try PageServer(address, handler: handler)
        report("\(server.url)zones")
        let parker = Parker(spins: 0)
        while !stop.isRequested {
            parker.wait(deadline: MonotonicClock.system.now + 100_000_000) { stop.isRequested }
        }
        server.stop()
    }

    private static func jpeg(of file: String, at seconds: Double) throws(RunError) -> [UInt8] {
        do throws(VideoError) {
            var options = ReaderOptions()
            options.start = seconds
            var reader = try VideoReader(file, options: options)
            var encoder = JPEGEncoder(widthLimit: 1920, quality: 3)
            while let item = try reader.next() {
                if case .frame(let frame) = item { return try encoder.encode(frame) }
            }
        } catch {
            throw RunError(error)
        }
        throw RunError(
            .noVideo, "\(file) has no frame at \(seconds) s: choose an earlier one with --at.")
    }

    /// Name without folder and extension, of the characters that addresses may have.
    private static func name(of file: String) -> String {
        let stem = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
        let name = String(stem.map { $0.isLetter || $0.isNumber ? $0 : "-" }.prefix(64))
        return CameraDescription.isName(name) ? name : "file"
    }
}

/// Requests of the editor of a file.
struct FilePlacesHandler: CountedHandler {
    let usage = ClientUsage()
    private let guesses = GuessLimiter()
    private let name: String
    private let jpeg: Data
    private let places: PlacesReply

    init(name: String, jpeg: Data, places: PlacesReply) {
        (self.name, self.jpeg, self.places) = (name, jpeg, places)
    }

    /// The file as `/api/cameras` lists cameras.
    private struct File: Encodable {
        let name: String
        let isFile = true
        let zones: [String] = []
        let lines: [String] = []
    }

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        usage.countRequest(of: request.remoteAddress)
        if let refusal = PageHandler.refusal(ofForm: request) { return refusal }
        guard case .allowed? = guesses.decide(request, nil) else {
            return PageHandler.refusal(.forbidden, "Use the page's own address.")
        }
        let parts = request.path.split(separator: "/").map(String.init)
        switch (parts.first, parts.count) {
        case ("api", 2) where parts[1] == "cameras": return PageHandler.json([File(name: name)])
        case ("api", 4) where parts[3] == "places": return PageHandler.json(places)
        case ("cameras", 2) where parts[1] == "\(name).jpg":
            return PageHandler.reply(jpeg, "image/jpeg")
        default:
            guard let asset = PageAssets.all[parts.first ?? "zones"], parts.count <= 1 else {
                return PageHandler.refusal(.notFound, "There is no such page.")
            }
            return PageHandler.reply(Data(asset.bytes), asset.type)
        }
    }
}
