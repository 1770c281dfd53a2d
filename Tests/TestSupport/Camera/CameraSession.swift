import Foundation
import Synchronization

/// Connection of a pretended camera: answers requests and sends frames in real time.
final class CameraSession: Sendable {
    private let control: LoopbackSocket
    private let script: CameraScript
    private let server: CameraServer
    private let isEnded = Atomic(false)

    init(_ control: LoopbackSocket, _ script: CameraScript, _ server: CameraServer) {
        self.control = control
        self.script = script
        self.server = server
    }

    /// Closes the connection, from any thread.
    func end() {
        isEnded.store(true, ordering: .releasing)
        control.shutDown()
    }

    /// Serves until either side closes.
    func run() {
        var stream = CameraStream(script)
        var input = Data()
        defer { control.shutDown() }
        while !isEnded.load(ordering: .acquiring) {
            server.pause()
            let wait = stream.wait
            if stream.isDeaf {
                usleep(useconds_t(min(wait, 0.05) * 1e6))
            } else if control.isReadable(within: min(wait, 0.1)) {
                guard let data = control.received() else { return }
                input.append(data)
                while let request = Request(consuming: &input) {
                    guard control.send(answer(request, &stream)) else { return }
                }
            }
            guard stream.sendWhatIsDue(on: control) else { return }
        }
    }

    private func answer(_ request: Request, _ stream: inout CameraStream) -> Data {
        server.note(request.method)
        if let login = script.login {
            let digest = Digest(user: login.user, password: login.password)
            let header = request["authorization"] ?? ""
            let clear = Data("\(login.user):\(login.password)".utf8).base64EncodedString()
            let isKnown =
                script.asksInClear
                ? header == "Basic \(clear)" : digest.accepts(header, method: request.method)
            guard isKnown else {
                let challenge =
                    script.asksInClear
                    ? "WWW-Authenticate: Basic realm=\"camera\"" : Digest.challenge
                return reply(request, 401, [challenge])
            }
        }
        if let code = script.refusals[request.method] { return reply(request, code, []) }
        switch request.method {
        case "OPTIONS":
            let methods = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"
            return reply(request, 200, ["Public: \(methods)"])
        case "DESCRIBE":
            let base = request.address.hasSuffix("/") ? request.address : request.address + "/"
            let headers = ["Content-Base: \(base)", "Content-Type: application/sdp"]
            return reply(request, 200, headers, body: script.sessionDescription)
        case "SETUP": return setUp(request, &stream)
        case "PLAY":
            // A client without a SETUP has no session.
            guard request["session"] != nil else { return reply(request, 454, []) }
            stream.play()
            let start = "seq=\(script.sequenceStart);rtptime=\(script.clockStart)"
            let info = "RTP-Info: url=\(request.address)track1;\(start)"
            return reply(request, 200, ["Range: npt=0.000-", info])
        case "GET_PARAMETER": return reply(request, 200, [])
        case "TEARDOWN":
            isEnded.store(true, ordering: .releasing)
            return reply(request, 200, [])
        default: return reply(request, 501, [])
        }
    }

    private func setUp(_ request: Request, _ stream: inout CameraStream) -> Data {
        let wanted = request["transport"] ?? ""
        let isTCP = wanted.contains("TCP")
        guard script.transports.contains(isTCP ? .tcp : .udp) else {
            return reply(request, 461, [])
        }
        // The second track of a description exists but sends no packets.
        let isVideo = request.address.hasSuffix("track1")
        if !isVideo, let code = script.soundRefusal { return reply(request, code, []) }
        if isTCP {
            let channel = Self.numbers(wanted, after: "interleaved=").first ?? 0
            if isVideo { stream.target = .tcp(channel: UInt8(channel)) }
            return reply(request, 200, ["Transport: \(wanted)"])
        }
        let ports = Self.numbers(wanted, after: "client_port=")
        guard ports.count == 2, let media = try? LoopbackSocket.datagrams(),
            let reports = try? LoopbackSocket.datagrams()
        else { return reply(request, 461, []) }
        if isVideo {
            stream.target = .udp(
                media: media, reports: reports, port: UInt16(ports[0]), reportPort: UInt16(ports[1])
            )
        }
        return reply(
            request, 200, ["Transport: \(wanted);server_port=\(media.port)-\(reports.port)"])
    }

    private static func numbers(_ text: String, after word: String) -> [Int] {
        guard let place = text.firstRange(of: word) else { return [] }
        return text[place.upperBound...].prefix { $0.isNumber || $0 == "-" }
            .split(separator: "-").compactMap { Int($0) }
    }

    private func reply(
        _ request: Request, _ code: Int, _ headers: [String], body: String = ""
    ) -> Data {
        var lines = [
            "RTSP/1.0 \(code) \(code == 200 ? "OK" : "No")", "CSeq: \(request["cseq"] ?? "0")",
        ]
        if code == 200 && request.method != "OPTIONS" { lines.append("Session: 4711;timeout=60") }
        lines += headers
        if !body.isEmpty { lines.append("Content-Length: \(body.utf8.count)") }
        return Data((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }
}

/// Request of a client.
private struct Request {
    let method: String
    let address: String
    private var headers: [String: String] = [:]

    subscript(name: String) -> String? { headers[name] }

    /// Removes the first complete request from the input, skipping interleaved packets.
    init?(consuming input: inout Data) {
        while input.first == UInt8(ascii: "$") {
            let bytes = [UInt8](input.prefix(4))
            guard bytes.count == 4 else { return nil }
            let length = 4 + Int(bytes[2]) << 8 + Int(bytes[3])
            guard input.count >= length else { return nil }
            input = Data(input.dropFirst(length))
        }
        guard let end = input.firstRange(of: Data("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: input[..<end.lowerBound], as: UTF8.self).split(
            separator: "\r\n")
        input = Data(input[end.upperBound...])
        let words = (lines.first ?? "").split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        method = words[0]
        address = words[1]
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            guard pair.count == 2 else { continue }
            headers[pair[0].lowercased()] = pair[1].trimmingCharacters(in: .whitespaces)
        }
    }
}
