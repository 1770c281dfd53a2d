import Foundation
import TestSupport
import Testing

@testable import Video

struct JPEGEncoderTests {
    private func frames(_ path: String, _ encoder: inout JPEGEncoder) throws -> [Data] {
        var reader = try VideoReader(path)
        var frames: [Data] = []
        while frames.count < 3, let item = try reader.next() {
            switch consume item {
            case .packet: break
            case .frame(let frame): frames.append(Data(try encoder.encode(frame)))
            }
        }
        return frames
    }

    @Test func framesBecomeJPEGsOfTheirSizeOrSmaller() throws {
        var encoder = JPEGEncoder(widthLimit: 100)
        let scratch = try Scratch()
        // One encoder for two sizes in turn, like a camera that changes its resolution.
        for path in [try Media.small(), try Media.cameraMovie(), try Media.small()] {
            for frame in try frames(path, &encoder) {
                #expect(
                    frame.starts(with: [0xFF, 0xD8]) && frame.suffix(2) == Data([0xFF, 0xD9]))
                let file = scratch.path("picture.jpg")
                try frame.write(to: URL(fileURLWithPath: file))
                #expect(try MediaFacts(file).size == [100, 60])
            }
        }
    }

    /// Like a camera that returns with other colour tags on frames of the same size.
    @Test func colourTagChangesAreFollowed() throws {
        let tagged = try ["smpte170m", "bt709"].map {
            try Media.small("\($0).mp4", "-colorspace \($0)")
        }
        var fresh = JPEGEncoder(widthLimit: 1000)
        let wanted = try frames(tagged[1], &fresh)
        var encoder = JPEGEncoder(widthLimit: 1000)
        #expect(try frames(tagged[0], &encoder) != wanted)
        #expect(try frames(tagged[1], &encoder) == wanted)
    }

    @Test func narrowFramesKeepTheirSize() throws {
        var encoder = JPEGEncoder(widthLimit: 1000)
        let scratch = try Scratch()
        let frame = try #require(try frames(Media.small(), &encoder).first)
        try frame.write(to: URL(fileURLWithPath: scratch.path("picture.jpg")))
        #expect(try MediaFacts(scratch.path("picture.jpg")).size == [160, 96])
    }
}
