import Foundation
import TestSupport
import Testing

@testable import Video

/// Where redirects and playlists may lead, and how much may come.
@Suite(.timeLimit(.minutes(2)))
struct NetworkGuardTests {
    private static let names: [String: NetworkClass] = [
        "cdn.example": .outside, "intranet.example": .local, "rebound.example": .own,
    ]

    private func network(
        _ address: String, _ follow: ReaderOptions.Follow = .standard, connected: String? = nil
    ) throws -> NetworkGuard {
        let made = try #require(
            NetworkGuard(SourceAddress(address), follow) { host in
                NetworkClass(numeric: host) ?? Self.names[host]
            })
        if let connected { #expect(made.allowsConnection(to: connected)) }
        return made
    }

    @Test(arguments: [
        ("8.8.8.8", NetworkClass.outside), ("172.15.0.1", .outside), ("2606:4700::1", .outside),
        ("10.0.0.1", .local), ("172.16.0.1", .local), ("172.31.255.255", .local),
        ("192.168.1.1", .local), ("100.64.0.1", .local), ("fd00::1", .local),
        ("::ffff:192.168.1.1", .local), ("127.0.0.1", .own), ("127.9.9.9", .own), ("0.0.0.0", .own),
        ("169.254.169.254", .own), ("224.0.0.1", .own), ("255.255.255.255", .own), ("::1", .own),
        ("::", .own), ("fe80::1%eth0", .own), ("::ffff:127.0.0.1", .own),
        ("64:ff9b::7f00:1", .own), ("ff02::1", .own),
    ])
    func addressesHaveADistance(text: String, distance: NetworkClass) {
        #expect(NetworkClass(numeric: text) == distance)
    }

    @Test func unusualSpellingsResolveToTheSameDistance() {
        for host in ["127.1", "2130706433", "0x7f.1", "0177.0.0.1"] {
            #expect(NetworkClass(resolving: host) == .own, "\(host)")
        }
    }

    @Test(arguments: [
        ("8.8.8.8", "http://8.8.4.4/x", true), ("8.8.8.8", "http://cdn.example/x", true),
        ("8.8.8.8", "http://127.0.0.1/x", false), ("8.8.8.8", "http://169.254.169.254/x", false),
        ("8.8.8.8", "http://192.168.1.1/x", false), ("8.8.8.8", "http://intranet.example", false),
        ("8.8.8.8", "https://u:p@rebound.example:99/x", false),
        ("8.8.8.8", "http://[::1]/x", false),
        ("8.8.8.8", "//127.0.0.1/x", false), ("8.8.8.8", "http:127.0.0.1/x", false),
        ("8.8.8.8", "http:/127.0.0.1/x", false), ("8.8.8.8", "crypto+http://127.0.0.1/", false),
        ("8.8.8.8", "http://8.8.4.4@127.0.0.1/", false),
        ("8.8.8.8", "http://127.0.0.1#@8.8.4.4/", false),
        ("8.8.8.8", "/elsewhere", true), ("8.8.8.8", "x?y=http://127.0.0.1/", true),
        ("8.8.8.8", "data:x", true),
        ("192.168.1.5", "http://8.8.8.8/x", true), ("192.168.1.5", "http://10.0.0.1/x", true),
        ("192.168.1.5", "http://127.0.0.1/x", false), ("127.0.0.1", "http://127.0.0.2/x", true),
    ])
    func webAddressesLeadNoNearer(origin: String, target: String, isAllowed: Bool) throws {
        let network = try network("http://host.example/x", connected: origin)
        #expect(network.allows(target) == isAllowed)
        #expect(network.isRefused == !isAllowed)
    }

    /// A name may resolve to another address the second time.
    @Test func anAddressAfterARedirectIsJudgedAgain() throws {
        let network = try network("http://host.example/x", connected: "8.8.8.8")
        #expect(network.allows("http://cdn.example/x"))
        #expect(!network.allowsConnection(to: "127.0.0.1"))
        #expect(network.isRefused)
    }

    @Test func anAddressAfterARelativeRedirectIsJudgedToo() throws {
        let network = try network("http://host.example/x", connected: "8.8.8.8")
        #expect(network.allows("/other") && network.allowsConnection(to: "8.8.8.8"))
        #expect(!network.allowsConnection(to: "192.168.1.1"))
    }

    @Test func theSettingNarrowsAndWidens() throws {
        #expect(
            try !network("http://h.example/x", .sameHost, connected: "8.8.8.8").allows(
                "http://8.8.4.4/"))
        #expect(
            try network("http://h.example/x", .sameHost, connected: "8.8.8.8").allows(
                "http://H.example:8/"))
        #expect(
            try network("http://h.example/x", .any, connected: "8.8.8.8").allows(
                "http://127.0.0.1/"))
    }

    @Test func rtspStaysWithItsHost() throws {
        let same = try network("rtsp://u:p@cam.example/1", connected: "192.168.1.5")
        #expect(same.allows("rtsp://cam.example:99/2") && same.allows("rtsp://192.168.1.5/2"))
        for target in ["rtsp://other.example/1", "rtsp://192.168.1.6/1", "rtsp://u:p@10.0.0.1/1"] {
            #expect(try !network("rtsp://u:p@cam.example/1").allows(target), "\(target)")
        }
        // Encryption is not given up.
        #expect(try !network("rtsps://u:p@cam.example/1").allows("rtsp://cam.example/1"))
        let free = try network("rtsp://u:p@cam.example/1", .any)
        #expect(!free.allows("rtsp://other.example/1"))
        #expect(free.refusal == .reopen("rtsp://other.example/1"))
    }

    private func failure(
        _ source: String, _ change: (inout ReaderOptions) -> Void = { _ in }
    ) -> VideoError? {
        var options = ReaderOptions()
        options.deadlines.open = 8
        change(&options)
        do throws(VideoError) {
            _ = try VideoReader(source, options: options)
            return nil
        } catch {
            return error
        }
    }

    /// A camera that sends its viewers to another host must not hand their password there.
    @Test func aPasswordDoesNotFollowARedirect() throws {
        let thief = try RawServer(last: 2) { client, request in
            client.send(
                RawServer.rtsp(request, "401 No", "WWW-Authenticate: Basic realm=\"x\""))
        }
        let place = "rtsp://127.0.0.2:\(thief.port)/x"
        let camera = try RawServer { client, request in
            client.send(RawServer.rtsp(request, "302 Found", "Location: \(place)"))
        }
        let source = "rtsp://user:secret@127.0.0.1:\(camera.port)/1"
        let error = try #require(failure(source))
        #expect(error.kind == .notReadable && error.message.contains(place), "\(error.message)")
        #expect(thief.requests.isEmpty)
        // Followed on request, it gets no password.
        _ = failure(source) { $0.follow = .any }
        #expect(thief.requests.count > 1)
        #expect(!thief.requests.contains { $0.contains("Authorization") || $0.contains("secret") })
    }

    @Test(arguments: [true, false])
    func aPasswordInClearIsReported(isClear: Bool) throws {
        var script = CameraScript(try Media.cameraView())
        script.login = ("user", "secret")
        script.asksInClear = isClear
        let camera = try CameraServer(script)
        let address = camera.address().replacing("rtsp://", with: "rtsp://user:secret@")
        var options = ReaderOptions()
        options.transports = [.tcp]
        let probe = try CameraProbe.inspect(address, seconds: 1, options: options)
        #expect(probe.findings.contains { $0.sentence.contains("in clear") } == isClear)
    }

    @Test func aRedirectIsReported() throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let target = camera.address()
        let door = try RawServer { client, request in
            client.send(RawServer.rtsp(request, "302 Found", "Location: \(target)"))
        }
        let reader = try VideoReader("rtsp://127.0.0.1:\(door.port)/1")
        #expect(reader.report.diagnostics.contains("The source redirects to \(target)."))
    }

    @Test func webCredentialsDoNotFollowARedirect() throws {
        let thief = try RawServer(last: 2) { client, _ in
            client.send(
                "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"
            )
        }
        let camera = try RawServer { client, _ in
            client.send(
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2:\(thief.port)/x\r\nContent-Length: 0\r\n\r\n"
            )
        }
        _ = failure("http://user:secret@127.0.0.1:\(camera.port)/1")
        #expect(thief.requests.count > 1)
        #expect(!thief.requests.contains { $0.contains("Authorization") || $0.contains("secret") })
    }

    /// Text without an end, in each form that FFmpeg reads whole.
    @Test(arguments: [
        ("#EXTM3U\n#EXT-X-TARGETDURATION:5\n", "#EXTINF:1,\na.ts\n"),
        (
            "<?xml version=\"1.0\"?>\n<!-- -->\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"urn:mpeg:dash:profile:isoff-live:2011\">",
            "<x>a</x>\n"
        ),
        ("WEBVTT\n\n", "00:00.000 --> 00:01.000\nhello\n\n"),
    ])
    func endlessTextIsBounded(head: String, rest: String) throws {
        let chunk = String(repeating: rest, count: 4096)
        let server = try RawServer { client, _ in
            client.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + head)
            while client.send(chunk) {}
        }
        let error = try #require(failure("http://127.0.0.1:\(server.port)/x"))
        #expect(error.kind == .damaged && error.message.contains("1 MiB"), "\(error.message)")
    }

    @Test func aVariantPlaylistIsBoundedWhateverItsName() throws {
        let server = try RawServer { client, request in
            guard request.contains("/v.ts") else {
                client.send(
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 60\r\n\r\n"
                        + "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000000\nv.ts\n".padding(
                            toLength: 60, withPad: "\n", startingAt: 0))
                return
            }
            client.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n#EXTM3U\n")
            let chunk = String(repeating: "#EXTINF:1,\na.ts\n", count: 4096)
            while client.send(chunk) {}
        }
        let error = try #require(failure("http://127.0.0.1:\(server.port)/x"))
        #expect(error.message.contains("1 MiB"), "\(error.message)")
    }

    @Test func aDescriptionOfGigabytesIsRefusedByItsLength() throws {
        let server = try RawServer { client, request in
            client.send(
                RawServer.rtsp(
                    request, "200 OK", "Content-Type: application/sdp", "Content-Length: 2000000000"
                ))
            while client.send(String(repeating: "a=x\r\n", count: 4096)) {}
        }
        let error = try #require(failure("rtsp://127.0.0.1:\(server.port)/x"))
        #expect(error.message.contains("1 MiB"), "\(error.message)")
    }

    @Test func anEndlessFrameIsLeft() throws {
        let server = try RawServer { client, _ in
            client.send(
                "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n--b\r\nContent-Type: image/jpeg\r\n\r\n"
            )
            let chunk = [UInt8](repeating: 0, count: 1 << 20)
            while client.send(chunk) {}
        }
        let error = try #require(failure("http://127.0.0.1:\(server.port)/x.mjpg"))
        #expect(error.message.contains("64 MiB"), "\(error.message)")
    }

    /// HLS over HTTP still works, with an address relative to that of a redirect.
    @Test func playlistsOverTheWebStillPlay() throws {
        let segment = try Data(contentsOf: URL(fileURLWithPath: Media.small("segment.ts")))
        let playlist =
            "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:2,\nsegment.ts\n#EXT-X-ENDLIST\n"
        let server = try RawServer { client, request in
            let path = request.split(separator: " ").dropFirst().first ?? ""
            if path == "/x.m3u8" {
                client.send(
                    "HTTP/1.1 302 Found\r\nLocation: /deep/y.m3u8\r\nContent-Length: 0\r\n\r\n")
            } else if path == "/deep/y.m3u8" {
                client.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: \(playlist.utf8.count)\r\n\r\n" + playlist)
            } else if path == "/deep/segment.ts" {
                client.send("HTTP/1.1 200 OK\r\nContent-Length: \(segment.count)\r\n\r\n")
                client.send([UInt8](segment))
            } else {
                client.send("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
            }
        }
        var reader = try VideoReader("http://127.0.0.1:\(server.port)/x.m3u8")
        var frames = 0
        while let item = try reader.next() { if case .frame = item { frames += 1 } }
        #expect(frames == 50)
        #expect(reader.report.diagnostics.allSatisfy { !$0.contains("Basic") })
    }

    @Test func aPlaylistWithoutAnEndIsGivenUp() throws {
        let scratch = try Scratch()
        let path = try scratch.write(
            "x.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:2,\na.ts\n")
        #expect(failure(path) { $0.deadlines.open = 1 }?.kind == .timedOut)
    }

    @Test func aPlaylistOfMegabytesIsRefused() throws {
        let scratch = try Scratch()
        let entries = String(repeating: "#EXTINF:1,\na.ts\n", count: 80_000)
        let path = try scratch.write("x.m3u8", "#EXTM3U\n" + entries)
        #expect(failure(path)?.message.contains("1 MiB") == true)
    }

    /// A file that is a list of others is read as one only if its name says so.
    @Test(arguments: ["clip.mp4", "clip.m3u8"])
    func onlyTheEndingMakesAPlaylist(name: String) throws {
        let scratch = try Scratch()
        try FileManager.default.copyItem(
            atPath: Media.small("segment.ts"), toPath: scratch.path("private.ts"))
        let path = try scratch.write(
            name, "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:2,\nprivate.ts\n#EXT-X-ENDLIST\n")
        let error = failure(path)
        if name.hasSuffix("m3u8") { return #expect(error == nil) }
        #expect(error?.kind == .unknownFormat && error?.message.contains("list") == true)
    }

    @Test(arguments: [
        ("a.mp4", "ffconcat version 1.0\nfile private.ts\n"),
        (
            "a.mp4",
            "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"urn:mpeg:dash:profile:isoff-on-demand:2011\"></MPD>"
        ),
        (
            "a.mp4",
            "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 5004 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
        ),
    ])
    func otherListsAreNotFollowed(name: String, text: String) throws {
        let scratch = try Scratch()
        try FileManager.default.copyItem(
            atPath: Media.small("segment.ts"), toPath: scratch.path("private.ts"))
        #expect(failure(try scratch.write(name, text))?.kind == .unknownFormat)
    }
}
