import TestSupport
import Testing

@testable import Video

@Suite(.timeLimit(.minutes(1)))
struct LeadingFramesTests {
    /// Packets as (timestamp, key frame), then the timestamps of decoded frames; numbers count
    /// packets from 1.
    func lost(_ packets: [(Int64?, Bool)], shown: [Int64]) -> Int {
        var leading = LeadingFrames()
        for (at, packet) in packets.enumerated() {
            leading.sent(Int64(at + 1), timestamp: packet.0, isKey: packet.1)
        }
        for timestamp in shown {
            let number = packets.firstIndex { $0.0 == timestamp }.map { Int64($0 + 1) } ?? 0
            leading.received(number, timestamp: timestamp)
        }
        return leading.lost
    }

    static let open: [(Int64?, Bool)] = [(3, true), (1, false), (2, false), (6, false), (4, false)]

    @Test func framesNotDecodedBeforeTheKeyFrameAreLost() {
        #expect(lost(Self.open, shown: [3, 4, 6]) == 2)
        #expect(lost(Self.open, shown: [2, 3, 4, 6]) == 1)
        #expect(lost(Self.open, shown: [1, 2, 3, 4, 6]) == 0)
    }

    @Test func lossIsKnownOnlyAfterAFrameBeyondTheKeyFrame() {
        #expect(lost(Self.open, shown: [3]) == 0)
    }

    @Test func packetsBeforeTheKeyFrameDoNotCount() {
        #expect(lost([(0, false), (1, false), (5, true), (6, false)], shown: [5, 6]) == 0)
    }

    @Test func implausibleTimestampsTakeBoundedMemory() {
        #expect(lost([(0, true), (nil, false), (2, false)], shown: [0, 2]) == 0)
        let late: [(Int64?, Bool)] = [(.max, true)] + (0..<1000).map { (Int64($0), false) }
        #expect(lost(late, shown: []) == 0)
    }

    @Test func leadingFramesOfAnOpenGOPAreReported() throws {
        let cut = try Media.cutOpen()
        let packets = try Probe(cut).packets.count
        let reading = try Reading(cut)
        #expect(reading.report.leadingFrames > 0)
        #expect(reading.timestamps.count + reading.report.leadingFrames == packets)
        #expect(reading.report.warnings.count == 1)
        #expect(reading.report.warnings.allSatisfy { $0.contains("at the start referenced") })
    }

    @Test func partOfARecordingHasNoLeadingFrames() throws {
        var options = ReaderOptions()
        options.start = 0.5
        #expect(try Reading(Media.cutOpen(), options: options).report.leadingFrames == 0)
    }
}
