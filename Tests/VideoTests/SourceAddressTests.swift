import TestSupport
import Testing

@testable import Video

@Suite(.timeLimit(.minutes(1)))
struct SourceAddressTests {
    @Test
    func credentialsAreNeverShown() {
        #expect(redacted("rtsp://me:se@cret@cam:554/live") == "rtsp://***@cam:554/live")
        #expect(redacted("http://cam/a@b") == "http://cam/a@b")
        #expect(redacted("a rtsp://u:p@h/ and rtsp://v:q@i") == "a rtsp://***@h/ and rtsp://***@i")
        #expect(redacted("plain.mp4") == "plain.mp4")
        #expect(redacted("\"rtsp://me:se/cr#et@cam/1\" ended") == "\"rtsp://***@cam/1\" ended")
        #expect(redacted("http://cam:80/a@b and http://[fe80::a]/c@d").hasSuffix("a]/c@d"))
        #expect(redacted("http://cam:80/a@b").hasPrefix("http://cam:80/"))
        #expect(SourceAddress("rtsp://u:p@h/x").name == "rtsp://***@h/x")
    }

    @Test(arguments: [
        ("rtsp://admin:it's@cam/1", "rtsp://***@cam/1"),
        ("rtsp://admin:a b@cam/1 and http://h/x", "rtsp://***@cam/1 and http://h/x"),
        ("rtsp://admin:12/34@cam/1", "rtsp://***@cam/1"),
        ("rtsp://admin:p@ss#1%2/x@127.0.0.1/cam", "rtsp://***@127.0.0.1/cam"),
        ("rtsp://admin:p@ss?1@cam/1", "rtsp://***@cam/1"),
        ("http://admin:@a/b@c/@cam:80/1", "http://***@cam:80/1"),
        ("rtsp://cam:554/1: lost", "rtsp://cam:554/1: lost"),
        ("rtsp://cam/user=a_password=b_c_channel=1", "rtsp://cam/user=***_password=***_channel=1"),
        ("http://h/a_b;c&d?e_f=g", "http://h/a_b;c&d?e_f=g"),
        ("http://h/v?pwd=a_b&x=1", "http://h/v?pwd=***&x=1"),
        ("rtsp:admin:pw@cam/1", "rtsp:***@cam/1"),
        ("a \"RTSP:admin:pw@cam\" b", "a \"RTSP:***@cam\" b"),
        ("http://h/v?p=abc&q=1", "http://h/v?p=***&q=1"),
        ("http://h/v?sig=abc&sv=1", "http://h/v?sig=***&sv=1"),
        (
            "https://h/v?X-Amz-Credential=a/b&X-Amz-Signature=c",
            "https://h/v?X-Amz-Credential=***&X-Amz-Signature=***"
        ),
        ("https://h/v?Policy=a&Key-Pair-Id=b", "https://h/v?Policy=***&Key-Pair-Id=***"),
        ("http://h/v?pwd=a@b", "http://h/v?pwd=***"),
        ("http://cam:80/v?pwd=a@b", "http://cam:80/v?pwd=***"),
        ("rtsp://cam:554/v?pwd=a@b x", "rtsp://*** x"),
        ("rtsp://cam/v?pwd=a@b", "rtsp://cam/v?pwd=***"),
        ("'http://h/v?pwd=a'b' ended", "'http://h/v?pwd=***' ended"),
        ("plain: a@b and http: c", "plain: a@b and http: c"),
    ])
    func secretsInUnusualPlacesAreHidden(text: String, shown: String) {
        #expect(redacted(text) == shown)
    }

    @Test
    func kindsOfSourcesAreRecognised() {
        #expect(SourceAddress("a:b.mp4").url == "file:a:b.mp4")
        #expect(SourceAddress("-").url == "pipe:0")
        #expect(SourceAddress("/dev/video0").format == "video4linux2")
        #expect(SourceAddress("/dev/video0").isLive)
        #expect(SourceAddress("RTSP://cam/").isLive)
        #expect(!SourceAddress("https://host/x.mp4").isLive)
        #expect(SourceAddress("https://host/x.mp4").mayStall)
    }

    @Test
    func unreachableCameraErrorHidesThePassword() {
        do {
            // Port 9 (discard) of this machine: nobody listens.
            _ = try VideoReader("rtsp://user:secret@127.0.0.1:9/live")
            Issue.record("it was opened")
        } catch {
            #expect(error.message.contains("127.0.0.1"))
            #expect(!error.message.contains("secret"))
        }
    }

    @Test(arguments: [
        "p@Zq7#1%2/x", "p@Zq7/Wv8", "p@Zq7?Wv8", "p@Zq7%zz", "Wv8#Zq7", "Wv8@127.0.0.2:1/Zq7",
    ])
    func passwordThatIsNotEncodedIsHiddenAndExplained(password: String) {
        let address = "rtsp://admin:\(password)@127.0.0.1:9/cam"
        var options = ReaderOptions()
        options.deadlines.open = 2
        do {
            _ = try VideoReader(address, options: options)
            Issue.record("it was opened")
        } catch {
            let parts = password.split { "@#/?%:".contains($0) }.filter { $0.count == 3 }
            #expect(!parts.contains(where: error.message.contains), "\(error.message)")
            #expect(error.message.contains("rtsp://***@127.0.0.1:9/cam"))
            #expect(error.message.contains("%40") && error.message.contains("credentials file"))
        }
        #expect(!hasUnencodedCredentials("rtsp://admin:p%40ss@127.0.0.1/cam"))
        #expect(!hasUnencodedCredentials("rtsp://127.0.0.1:554/cam"))
    }

    @Test
    func silentServerTimesOut() throws {
        let server = try SilentServer()
        var options = ReaderOptions()
        options.deadlines.open = 0.3
        do {
            _ = try VideoReader("http://127.0.0.1:\(server.port)/x.mp4", options: options)
            Issue.record("it was opened")
        } catch {
            #expect(error.kind == .timedOut)
        }
    }
}
