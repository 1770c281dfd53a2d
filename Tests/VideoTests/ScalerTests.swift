import CFFmpeg
import Foundation
import Pixels
import TestSupport
import Testing

@testable import Video

@Suite(.timeLimit(.minutes(1)))
struct ScalerTests {
    /// First frame of a source.
    static func frame(_ path: String) throws -> Frame {
        var reader = try VideoReader(path)
        guard let item = try reader.next(), case .frame(let frame) = consume item else {
            throw MediaFixture.FixtureError(message: "no frame in \(path)")
        }
        return frame
    }

    /// Frame of one colour, by its `ffmpeg` name.
    static func flat(_ name: String, _ color: String, _ filter: String) throws -> Frame {
        try frame(
            MediaFixture.make(
                name,
                "-f lavfi -i color=\(color):size=96x64:duration=0.04 -vf \(filter) -c:v libx264 -qp 0"
            )
        )
    }

    func rgb(_ frame: borrowing Frame, _ placement: CanvasRectangle, fill: UInt8 = 0) throws
        -> [UInt8]
    {
        var canvas = [UInt8](
            repeating: fill, count: placement.canvasWidth * placement.canvasHeight * 3)
        var scaler = Scaler()
        var span = canvas.mutableSpan
        try scaler.scale(frame, to: placement, into: &span)
        return canvas
    }

    @Test(arguments: ["bt601", "bt709"], ["tv", "pc"])
    func scalingAppliesMatrixAndRange(_ matrix: String, _ range: String) throws {
        let space = matrix == "bt601" ? "smpte170m" : matrix
        let frame = try Self.flat(
            "flat-\(matrix)-\(range).mkv", "0xC83C28",
            "scale=out_color_matrix=\(matrix):out_range=\(range),format=yuv444p,"
                + "setparams=colorspace=\(space):range=\(range)")
        #expect(frame.color.isFullRange == (range == "pc"))
        #expect(frame.color.matrix == (matrix == "bt601" ? .bt601 : .bt709))
        let canvas = try rgb(frame, .stretch(canvasWidth: 32, canvasHeight: 32))
        for pixel in 0..<1024 {
            for (channel, expected) in [200, 60, 40].enumerated() {
                #expect(abs(Int(canvas[pixel * 3 + channel]) - expected) <= 3)
            }
        }
    }

    @Test(arguments: [1, 2, 3, 7, 13, 31, 33, 63, 65, 95, 97, 127])
    func pixelsOutsideTheRectangleAreUnchanged(_ width: Int) throws {
        let path = try MediaFixture.make(
            "scale.mp4",
            "-f lavfi -i testsrc2=size=160x96:duration=0.2 -c:v libx264 -pix_fmt yuv420p")
        let frame = try Self.frame(path)
        let placement = CanvasRectangle(
            x: 3, y: 2, width: width, height: 9, canvasWidth: width + 5, canvasHeight: 12)
        let (a, b) = (try rgb(frame, placement, fill: 17), try rgb(frame, placement, fill: 203))
        for y in 0..<12 {
            for x in 0..<(width + 5) {
                let isInside = (3..<(3 + width)).contains(x) && (2..<11).contains(y)
                for at in ((y * (width + 5) + x) * 3)..<((y * (width + 5) + x) * 3 + 3) {
                    #expect(isInside ? a[at] == b[at] : (a[at] == 17 && b[at] == 203))
                }
            }
        }
    }

    @Test
    func memoryBeyondTheCanvasIsUnchanged() throws {
        let frame = try Self.frame(
            MediaFixture.make(
                "scale.mp4",
                "-f lavfi -i testsrc2=size=160x96:duration=0.2 -c:v libx264 -pix_fmt yuv420p"))
        var scaler = Scaler()
        for width in 1...140 {
            let count = width * 5 * 3
            var memory = [UInt8](repeating: 99, count: count + 64)
            try unsafe memory.withUnsafeMutableBufferPointer { buffer throws(VideoError) in
                var span = unsafe UnsafeMutableBufferPointer(rebasing: buffer[..<count]).mutableSpan
                try scaler.scale(
                    frame, to: .stretch(canvasWidth: width, canvasHeight: 5), into: &span)
            }
            #expect(memory[count...].allSatisfy { $0 == 99 })
        }
    }

    @Test
    func areaAveragingAppliesToHalvingOnly() throws {
        // Columns of black and white: area averaging by two must make them grey.
        let frame = try Self.frame(
            MediaFixture.make(
                "columns.mkv",
                "-f lavfi -i color=black:size=128x64:duration=0.04 -vf "
                    + "format=gray,geq=lum=if(mod(X\\,2)\\,255\\,0),format=yuv444p -c:v ffv1"))
        let half = try rgb(frame, .stretch(canvasWidth: 64, canvasHeight: 32))
        #expect(half.allSatisfy { (120...135).contains($0) })
        let same = try rgb(frame, .stretch(canvasWidth: 128, canvasHeight: 64))
        #expect(same.contains { $0 < 5 } && same.contains { $0 > 250 })
    }

    @Test(arguments: [(64, 48), (150, 90), (33, 21), (160, 96)])
    func scalingIsIndependentOfTheProcessor(_ size: (Int, Int)) throws {
        let frame = try Self.frame(
            MediaFixture.make(
                "scale.mp4",
                "-f lavfi -i testsrc2=size=160x96:duration=0.2 -c:v libx264 -pix_fmt yuv420p"))
        let placement = CanvasRectangle.stretch(canvasWidth: size.0, canvasHeight: size.1)
        let fast = try rgb(frame, placement)
        av_force_cpu_flags(0)
        defer { av_force_cpu_flags(-1) }
        #expect(try rgb(frame, placement) == fast)
    }

    @Test
    func letterboxKeepsTheAspectRatio() {
        let wide = CanvasRectangle.letterbox(
            frameWidth: 1280, frameHeight: 720, canvasWidth: 320, canvasHeight: 320)
        #expect(
            wide
                == CanvasRectangle(
                    x: 0, y: 70, width: 320, height: 180, canvasWidth: 320, canvasHeight: 320))
        let thin = CanvasRectangle.letterbox(
            frameWidth: 1, frameHeight: 10_000, canvasWidth: 64, canvasHeight: 32)
        #expect(thin.width == 1 && thin.height == 32)
    }

    @Test(arguments: ["png", "bmp", "jpg", "webp"])
    func writtenImagesReadBackUnchanged(_ kind: String) throws {
        let frame = try Self.frame(
            MediaFixture.make(
                "scale.mp4",
                "-f lavfi -i testsrc2=size=160x96:duration=0.2 -c:v libx264 -pix_fmt yuv420p"))
        let path = MediaFixture.folder.appendingPathComponent("written.\(kind)").path
        try ImageFile.write(frame, to: path)
        let back = try Self.frame(path)
        let whole = CanvasRectangle.stretch(canvasWidth: 160, canvasHeight: 96)
        let (a, b) = (try rgb(frame, whole), try rgb(back, whole))
        let error = zip(a, b).map { abs(Int($0) - Int($1)) }.reduce(0, +)
        // WebP is lossy and halves the chroma resolution.
        #expect(Double(error) / Double(a.count) < (kind == "webp" ? 12 : 4))
    }

    @Test
    func fullDiskLeavesNoPartialImage() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let frame = try Self.flat("flat.mkv", "red", "format=yuv420p")
            let scratch = try Scratch()
            _ = signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 64, rlim_max: 64)
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            do throws(VideoError) {
                try ImageFile.write(frame, to: scratch.path("full.png"))
            } catch {
                exit(error.kind == .diskFull && scratch.names.isEmpty ? 0 : 1)
            }
            exit(2)
        }
    }

    @Test
    func unknownImageExtensionsAreRejected() throws {
        let frame = try Self.flat("flat.mkv", "red", "format=yuv420p")
        #expect(throws: VideoError.self) { try ImageFile.write(frame, to: "/tmp/x.xyz") }
        #expect(throws: VideoError.self) { try ImageFile.write(frame, to: "/nowhere/x.png") }
    }

    @Test
    func drawingCopiesOnlyFramesHeldByTheDecoder() throws {
        let path = try VideoReaderDamageTests.plain()
        var reader = try VideoReader(path)
        var copies = 0
        var count = 0
        while let item = try reader.next() {
            guard case .frame(var frame) = consume item else { continue }
            try frame.withMutablePicture { picture throws(VideoError) in
                for y in 0..<picture.picture.height {
                    picture.withRow(plane: 0, y) { row in
                        for x in row.indices { row[x] = 77 }
                    }
                }
            }
            count += 1
            copies += frame.wasCopied ? 1 : 0
            #expect(samples(of: frame).prefix(160 * 96).allSatisfy { $0 == 77 })
        }
        // The decoder holds key frames and references: drawing must not change its memory.
        #expect(copies > 0 && copies <= count)
        #expect(try equal(Reading(path, keepSamples: true).samples, MediaFixture.samples(path)))
    }
}
