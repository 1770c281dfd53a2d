import Flow
import Pipeline
import TestSupport
import Testing
import Video

@testable import Configuration
@testable import Live

/// The pure decisions of the room.
struct LoadShedderTests {
    /// Feeds half-second notes in which so much of the time was waited, and returns what came to be left out.
    private func run(_ shares: [Double], _ policy: inout LoadShedder) -> [String] {
        var (now, waited) = (0.0, 0.0)
        var changes: [String] = []
        for share in shares {
            for _ in 0..<4 {
                if policy.note(waited: waited, now: now) {
                    changes.append(policy.decoderSkip.rawValue)
                }
                now += 0.5
                waited += share * 0.5
            }
        }
        if policy.note(waited: waited, now: now) { changes.append(policy.decoderSkip.rawValue) }
        return changes
    }

    @Test func aReaderWithTimeToWaitLeavesNothingOut() {
        var policy = LoadShedder()
        #expect(run([0.9, 0.5, 0.2, 0.06], &policy) == [])
    }

    @Test func moreAndMoreIsLeftOutAndTakenBackSlowly() {
        var policy = LoadShedder()
        #expect(run([0, 0], &policy) == ["non-reference", "non-key"])
        policy.restart()
        let calm = run(Array(repeating: 0.8, count: 12), &policy)
        #expect(calm == ["non-reference", "none"])
    }

    @Test func aMiddlingReaderChangesNothing() {
        var policy = LoadShedder()
        #expect(run([0, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3], &policy) == ["non-reference"])
    }
}

struct PacerTests {
    @Test func aBurstIsReleasedAtItsOwnSpeed() {
        var pacer = Pacer()
        #expect(pacer.wait(timestamp: 100, now: 5) == 0)
        #expect(abs(pacer.wait(timestamp: 100.04, now: 5) - 0.04) < 1e-9)
        #expect(abs(pacer.wait(timestamp: 100.08, now: 5.04) - 0.04) < 1e-9)
    }

    @Test func latePicturesAreNotHeldUp() {
        var pacer = Pacer()
        _ = pacer.wait(timestamp: 0, now: 0)
        #expect(pacer.wait(timestamp: 1, now: 3) == 0)
    }

    @Test(arguments: [-1000.0, 1000])
    func aLeapBeginsANewCount(leap: Double) {
        var pacer = Pacer()
        _ = pacer.wait(timestamp: 0, now: 0)
        #expect(pacer.wait(timestamp: leap, now: 1) == 0)
        #expect(abs(pacer.wait(timestamp: leap + 0.5, now: 1) - 0.5) < 1e-9)
    }
}

struct CameraAddressTests {
    private func camera(_ source: String) -> CameraDescription {
        CameraDescription(name: "yard", source: source)
    }

    @Test func credentialsComeFromAVariable() throws {
        var camera = camera("rtsp://10.0.0.1:554/a?b=c")
        camera.credentials.variable = "YARD"
        camera.main = "rtsp://10.0.0.1/main"
        let address = try CameraAddress(camera, environment: ["YARD": "anna:p@ss:/w?rd"])
        #expect(address.source == "rtsp://anna:p%40ss%3A%2Fw%3Frd@10.0.0.1:554/a?b=c")
        #expect(address.main == "rtsp://anna:p%40ss%3A%2Fw%3Frd@10.0.0.1/main")
    }

    @Test func credentialsComeFromAFile() throws {
        let scratch = try Scratch()
        var camera = camera("rtsp://host/")
        camera.credentials.file = try scratch.write("login", "anna:secret\n")
        #expect(try CameraAddress(camera).source == "rtsp://anna:secret@host/")
    }

    @Test func whatIsWrongIsSaidWithoutTheSecret() throws {
        var camera = camera("rtsp://host/")
        camera.credentials.variable = "YARD"
        for environment in [[:], ["YARD": "s3cret"], ["YARD": ":s3cret"]] {
            do throws(RunError) {
                _ = try CameraAddress(camera, environment: environment)
                Issue.record("\(environment) was taken")
            } catch {
                #expect(error.message.contains("YARD") && !error.message.contains("s3cret"))
            }
        }
        camera.source = "/dev/video0"
        #expect(throws: RunError.self) {
            _ = try CameraAddress(camera, environment: ["YARD": "a:b"])
        }
    }

    @Test func withoutCredentialsAnAddressStaysAsItIs() throws {
        #expect(try CameraAddress(camera("/dev/video0")).source == "/dev/video0")
    }
}

struct RateWindowTests {
    @Test func ratesAreThoseOfTheLastSeconds() {
        var window = RateWindow()
        #expect(window.rates == (0, 0))
        for second in 0..<20 {
            let decoded = second < 10 ? 100 * second : 1000 + 25 * (second - 10)
            window.note(decoded: decoded, detected: second * 5, at: UInt64(second) * 1_000_000_000)
        }
        #expect(window.rates == (25, 5))
    }
}
