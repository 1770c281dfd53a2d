import FlyingFox
import Foundation
import Pipeline

@testable import Configuration
@testable import Live

/// Request to the page on its own address.
func pageRequest(
    _ target: String, method: HTTPMethod = .GET, _ headers: [HTTPHeader: String] = [:],
    body: String = ""
) -> HTTPRequest {
    let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
    let query = (parts.count > 1 ? parts[1] : "").split(separator: "&").map {
        $0.split(separator: "=", maxSplits: 1).map(String.init)
    }
    return HTTPRequest(
        method: method, version: .http11, path: parts[0],
        query: query.filter { $0.count == 2 }.map { .init(name: $0[0], value: $0[1]) },
        headers: HTTPHeaders([.host: "127.0.0.1:8080"].merging(headers) { $1 }),
        body: HTTPBodySequence(data: Data(body.utf8)))
}

/// Handler of a page with one camera that sends nothing.
func pageHandler(
    token: String? = nil, snapshots: String? = nil, store: OpenStore? = nil
) throws -> PageHandler {
    let settings = try DetectionContext(DetectDescription())
    let camera = Camera(
        CameraDescription(name: "gate", source: "rtsp://a:secret@host/"), settings,
        eventClasses: settings.classNames.map { _ in true }, index: 0)
    return PageHandler(
        cameras: [camera], eventQueue: EventQueue(wantsFrames: false), snapshots: snapshots,
        token: token, store: store)
}
