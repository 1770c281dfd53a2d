import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// Recordings and addresses as people have them, through the whole program.
    @Suite(.timeLimit(.minutes(3)))
    struct PeoplesFilesTests {
        private static let video =
            "-f lavfi -i testsrc2=size=160x96:rate=25:duration=2 -f lavfi -i sine=440:duration=2 "
            + "-c:v libx264 -preset ultrafast -bf 2 -g 25 -pix_fmt yuv420p -c:a aac"

        /// Expects results and video of a source to begin at zero and to agree.
        private func expectAgreement(_ source: String, audioDelay: Double = 0) throws {
            let out = try Scratch()
            let ended = try Program.detect([
                source, "-o", out.path("seen.mp4"), "--results", out.path("seen.ndjson"),
                "--every", "25",
            ])
            #expect(ended.status == 0, "\(ended.standardError)")
            let results = try FrameLine.all(Data(contentsOf: out.file("seen.ndjson")))
            let video = try MediaFacts(out.path("seen.mp4"))
            #expect(results.count == 50 && video.timestamps.count == 50)
            for (result, shown) in zip(results, video.timestamps) {
                #expect(abs(result.time - shown) < 0.002)
            }
            #expect(abs(video.timestamps.first ?? 9) < 0.1)
            #expect(abs((video.duration ?? 0) - 2) < 0.2 + audioDelay)
            let offset = (video.audioTimestamps.first ?? 9) - (video.timestamps.first ?? 0)
            #expect(abs(offset - audioDelay) < 0.06, "sound begins \(offset) s later")
        }

        @Test(arguments: ["mkv", "flv", "asf", "nut", "ts", "mov"])
        func recordingThatStartsFarFromZeroBeginsAtZero(_ ending: String) throws {
            let path = try Media.make("far.\(ending)", "\(Self.video) -output_ts_offset 3600")
            try expectAgreement(path)
        }

        @Test func playlistOfACameraThatRunsForADayBeginsAtZero() throws {
            let list = try Media.make(
                "day.m3u8",
                "\(Self.video) -output_ts_offset 83000 -f hls -hls_time 1 -hls_list_size 0 "
                    + "-hls_playlist_type vod")
            try expectAgreement(list)
        }

        @Test func deliberateOffsetOfTheSoundStays() throws {
            let path = try Media.make(
                "late-sound.mkv",
                "-f lavfi -i testsrc2=size=160x96:rate=25:duration=2 -itsoffset 0.5 -f lavfi -i "
                    + "sine=440:duration=1.5 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac "
                    + "-output_ts_offset 100")
            try expectAgreement(path, audioDelay: 0.5)
        }

        @Test func recordingsAtAnAddressAreReadToTheirEnd() throws {
            let scratch = try Scratch()
            let fast = try Media.make("fast.mp4", "\(Self.video) -movflags +faststart")
            _ = try scratch.write("download", Data(contentsOf: URL(fileURLWithPath: fast)))
            let images = try Media.make(
                "web.mjpeg",
                "-f lavfi -i testsrc2=size=160x96:rate=25:duration=2 -c:v mjpeg -f mjpeg")
            let server = try WebSource(scratch.url.path, images: images)
            let address = server.file("download") + "?id=42"
            let results = try Program.results([address, "--every", "25"])
            #expect(results.count == 50)
            let probe = try Program.run(["probe", address])
            #expect(probe.output.contains("50 frames"), "\(probe.output)")
            let live = try Program.detect([
                server.file("download", hasLength: false), "--kind", "recording", "--no-video",
                "--results", "-", "--every", "25",
            ])
            #expect(try FrameLine.all(live.data).count == 50)
        }

        @Test func framesThatCameWhileACameraWasOpenedAreKept() throws {
            let camera = try CameraServer(CameraScript(Media.cameraView()))
            defer { camera.stop() }
            let out = try Scratch()
            let ended = try Program.detect([
                camera.address(), "--for", "6s", "-o", out.path("seen.mp4"), "--results",
                out.path("seen.ndjson"), "--every", "1000",
            ])
            #expect(ended.status == 0, "\(ended.standardError)")
            #expect(ended.standardError.contains("sound of live sources"))
            let times = try FrameLine.all(Data(contentsOf: out.file("seen.ndjson"))).map(\.time)
            #expect(times.count > 25 && times[0] == 0)
            let steps = zip(times, times.dropFirst()).prefix(20).map { $1 - $0 }
            #expect(steps.allSatisfy { abs($0 - 0.04) < 0.001 }, "\(times.prefix(21))")
        }

        @Test func liveSourceThatIsNoRTSPCameraGivesAFileOfVideoAlone() throws {
            let scratch = try Scratch()
            let movie = try Media.make("cast.ts", Self.video)
            _ = try scratch.write("cast", Data(contentsOf: URL(fileURLWithPath: movie)))
            let server = try WebSource(scratch.url.path, images: movie)
            let ended = try Program.detect([
                server.file("cast", hasLength: false), "--for", "3s", "-o",
                scratch.path("seen.mp4"), "--every", "25",
            ])
            #expect(ended.status == 0, "\(ended.standardError)")
            #expect(ended.standardError.contains("sound of live sources"))
            #expect(!ended.standardError.contains("fragmented"), "\(ended.standardError)")
            let video = try MediaFacts(scratch.path("seen.mp4"))
            #expect(!video.timestamps.isEmpty && video.audioTimestamps.isEmpty)
        }

        @Test func everyVideoStreamGetsAFileOfItsOwn() throws {
            let out = try Scratch()
            let path = try Media.make(
                "views.mkv",
                "-f lavfi -i testsrc2=size=160x96:rate=25:duration=1 "
                    + "-f lavfi -i testsrc2=size=96x64:rate=25:duration=1 -map 0 -map 1 "
                    + "-c:v libx264 -preset ultrafast -pix_fmt yuv420p")
            let all = try Program.detect([
                path, "--video-stream", "all", "-o", out.path("view-{stream}.mp4"), "--every", "25",
            ])
            #expect(all.status == 0, "\(all.standardError)")
            #expect(try MediaFacts(out.path("view-1.mp4")).size == [160, 96])
            #expect(try MediaFacts(out.path("view-2.mp4")).size == [96, 64])
            let unnamed = try Program.detect([
                path, "--video-stream", "all", "-o", out.path("v.mp4"),
            ])
            #expect(unnamed.status == 64 && unnamed.standardError.contains("{stream}"))
        }

        @Test func damagedImagesAreCountedAndStartNothing() throws {
            let trip = try Scratch()
            let image = try Media.make(
                "photo.jpg", "-f lavfi -i testsrc2=size=320x192:duration=0.04 -frames:v 1")
            let bytes = try Data(contentsOf: URL(fileURLWithPath: image))
            _ = try trip.write("a.jpg", bytes)
            _ = try trip.write("b.jpg", bytes.prefix(bytes.count / 2))
            let ended = try Program.detect([
                trip.url.path, "--no-video", "--results", trip.path("seen.ndjson"),
            ])
            #expect(ended.status == 0, "\(ended.standardError)")
            #expect(
                ended.standardError.contains("2 sources: 2 done, 0 skipped, 0 failed, 1 damaged"))
            #expect(ended.standardError.contains("1 frame is damaged"))
        }

        @Test func unknownSchemeIsAUsageError() throws {
            let ended = try Program.detect(["onvif://127.0.0.1/x", "--no-video", "--results", "-"])
            #expect(ended.status == 64 && ended.standardError.contains("rtsp"))
            let live = try Program.run(["live", "onvif://127.0.0.1/x", "--for", "1s"])
            #expect(live.status == 64 && live.standardError.contains("rtsp"))
        }
    }
}
