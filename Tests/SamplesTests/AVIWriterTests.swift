import Foundation
import Pixels
import Testing
import Video

@testable import road_scene

struct AVIWriterTests {
    @Test func writtenFileIsReadBack() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("thunderline-raw-\(UUID().uuidString).avi")
        defer { try? FileManager.default.removeItem(at: url) }
        var audio = EngineAudio(seed: 1)
        var movie = try AVIWriter(to: url, width: 64, height: 36, frames: 12)
        for number in 0..<12 {
            let gray = [UInt8](repeating: UInt8(60 + 10 * number), count: 64 * 36 * 3)
            try movie.write(
                Planes.yuv420(gray, width: 64, height: 36), audio: audio.frame(number, speed: 10))
        }
        try movie.close()

        var options = ReaderOptions()
        options.packetKinds = [.audio]
        var reader = try VideoReader(url.path, options: options)
        #expect(reader.description.video.nominalRate == Ratio(30000, 1001))
        #expect(reader.description.streams.map(\.kind) == [.video, .audio])
        var lumas: [UInt8] = []
        var packets = 0
        while let item = try reader.next() {
            switch consume item {
            case .frame(let frame):
                lumas.append(frame.withPicture { $0.withRow(plane: 0, 5) { $0[9] } })
            case .packet: packets += 1
            }
        }
        let expected: [UInt8] = (0..<12).map { number in
            let gray = 60 + 10 * Double(number)
            return UInt8((16 + 0.85883 * gray).rounded())
        }
        #expect(lumas == expected)
        #expect(packets > 0)
        #expect(reader.report.warnings.isEmpty)
    }

    @Test func audioFollowsTheFramesWithoutDrift() {
        var audio = EngineAudio(seed: 1)
        let counts = (0..<3000).map { audio.frame($0, speed: 0).count }
        let total = counts.reduce(0, +)
        #expect(total == 44_100 * 1001 / 10)
        #expect(counts.allSatisfy { (1471...1472).contains($0) })
    }
}
