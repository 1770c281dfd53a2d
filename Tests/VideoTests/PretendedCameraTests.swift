import Foundation
import TestSupport
import Testing

@testable import Video

/// Checks the pretended camera with an independent reader, the `ffmpeg` program.
@Suite(.timeLimit(.minutes(1)))
struct PretendedCameraTests {
    /// Decodes frames of a camera; returns their number and the error output.
    private func watch(
        _ address: String, _ transport: String, frames: Int = 20
    ) throws -> (count: Int, standardError: String) {
        let ended = try Command(["ffmpeg", "-v", "error", "-rtsp_transport", transport])
            .run([
                "-i", address, "-frames:v", "\(frames)", "-an", "-f", "framemd5", "-",
            ])
        return (ended.lines.count { !$0.hasPrefix("#") }, ended.standardError)
    }

    @Test(arguments: ["tcp", "udp"])
    func ffmpegDecodesThePretendedCamera(transport: String) throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let seen = try watch(camera.address(), transport)
        #expect(seen.count == 20)
        #expect(seen.standardError.isEmpty, "\(seen.standardError)")
    }

    @Test
    func ffmpegDecodesTheGStreamerCamera() throws {
        guard GStreamerCamera.isThere else { return }
        let file = try Media.cameraMovie()
        let camera = try GStreamerCamera(file)
        #expect(try watch(camera.address, "tcp").count == 20)
    }

    @Test
    func onlyTheRightPasswordIsAccepted() throws {
        var script = CameraScript(try Media.cameraView())
        script.login = ("anna", "se cret")
        let camera = try CameraServer(script)
        #expect(try watch(camera.address("anna:se%20cret"), "tcp", frames: 2).count == 2)
        let refused = try watch(camera.address("anna:guess"), "tcp", frames: 2)
        #expect(refused.count == 0)
        #expect(refused.standardError.contains("401"))
    }

    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
        (
            "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
            "57edf4a22be3c955ac49da2e2107b67a"
        ),
    ])
    func digestsMatchTheStandard(text: String, digest: String) {
        #expect(md5(text) == digest)
    }

    @Test
    func streamIsCutIntoAllItsFrames() throws {
        let view = try Media.cameraView()
        #expect(view.frames.count == 250)
        #expect(view.frames.count { $0.isKey } == 10)
        #expect(view.parameterSets.count == 2)
    }
}
