import Foundation
import Testing

@testable import Video

/// Statistics of packets.
struct PacketStatisticsTests {
    /// Packets 40 ms apart, a key frame every 25, the first ten buffered while opening.
    private func packets(
        _ count: Int = 200, change: (Int, inout PacketInfo) -> Void = { _, _ in }
    ) -> [PacketInfo] {
        (0..<count).map { index in
            var packet = PacketInfo()
            packet.timestamp = 7 + Double(index) * 0.04
            packet.arrival = index < 10 ? 100.4 : 100 + Double(index) * 0.04
            packet.arrivalSince1970 = 1_700_000_000 + packet.arrival
            packet.wait = index < 10 ? 0 : 0.03
            packet.size = index % 25 == 0 ? 20_000 : 1000
            packet.isKey = index % 25 == 0
            change(index, &packet)
            return packet
        }
    }

    @Test
    func bufferedPacketsDoNotCountAsArrivals() {
        let arrivals = PacketStatistics(packets(), videoStream: 0).arrivals
        #expect(arrivals.count == 189)
        #expect(abs(arrivals.rate - 25) < 1e-6 && arrivals.jitter < 1e-6)
        #expect(PacketStatistics(packets(10), videoStream: 0).arrivals.count == 0)
    }

    @Test
    func keyFrameDistancesAreMeasured() {
        let keys = PacketStatistics(packets(), videoStream: 0).keyFrames
        #expect(keys.count == 8)
        #expect(keys.frames == 25)
        #expect(abs((keys.seconds ?? 0) - 1) < 1e-6)
        let late = packets { index, packet in
            if index == 0 { packet.timestamp = nil }
            if index > 12 { packet.arrival += 5 }
        }
        #expect(abs((PacketStatistics(late, videoStream: 0).keyFrames.seconds ?? 0) - 1) < 1e-6)
        let single = PacketStatistics(packets { $1.isKey = $0 == 5 }, videoStream: 0).keyFrames
        #expect(single.count == 1 && single.seconds == nil)
        #expect(abs(single.secondsWithout - 194 * 0.04) < 1e-6)
    }

    @Test
    func intervalsDoNotSpanConnections() {
        let statistics = PacketStatistics(
            packets { index, packet in
                guard index >= 100 else { return }
                packet.connection = 1
                packet.arrival += 60
                packet.timestamp = Double(index)
            }, videoStream: 0)
        #expect(statistics.arrivals.longest < 0.05)
        #expect(statistics.keyFrames.frames == 25)
    }

    @Test
    func reorderingIsMeasured() {
        // I P B B P B B: each P is sent before the two that are shown earlier.
        let order = [0, 3, 1, 2, 6, 4, 5, 9, 7, 8]
        let statistics = PacketStatistics(
            packets(10) { $1.timestamp = Double(order[$0]) * 0.04 }, videoStream: 0)
        #expect(statistics.order.reordering == 1)
        #expect(abs(statistics.order.delay - 0.08) < 1e-6)
        #expect(PacketStatistics(packets(), videoStream: 0).order == CameraProbe.TimestampOrder())
    }

    @Test
    func repeatedTimestampsAreCountedAndJumpsAreNoReordering() {
        let statistics = PacketStatistics(
            packets { index, packet in
                if index % 50 == 1 { packet.timestamp = (packet.timestamp ?? 0) - 0.04 }
                if index >= 120 { packet.timestamp = (packet.timestamp ?? 0) - 3600 }
            }, videoStream: 0)
        #expect(statistics.order.repeated == 4)
        #expect(statistics.order.reordering == 0)
        #expect(statistics.drift == nil)
    }

    @Test
    func driftIsTheSlopeOfTimestampsOverArrivals() throws {
        let exact = try #require(PacketStatistics(packets(), videoStream: 0).drift)
        #expect(abs(exact.partsPerMillion) < 1)
        let fast = packets { index, packet in
            packet.timestamp = Double(index) * 0.04 * 1.002
            packet.arrival += index % 2 == 0 ? 0.002 : 0
        }
        let drift = try #require(PacketStatistics(fast, videoStream: 0).drift)
        #expect(abs(drift.partsPerMillion - 2000) < drift.uncertainty)
        #expect(drift.uncertainty > 10 && drift.uncertainty < 500)
    }

    @Test
    func wallClockOffsetIsMeasured() {
        let behind = packets { $1.wallClock = $1.arrivalSince1970 - ($0 % 40 == 0 ? 9 : 3) }
        #expect(abs((PacketStatistics(behind, videoStream: 0).wallOffset ?? 0) + 3) < 1e-3)
        #expect(PacketStatistics(packets(), videoStream: 0).wallOffset == nil)
    }

    @Test
    func bitRateIsMeasuredOverArrivals() {
        let volume = PacketStatistics(packets(), videoStream: 0).volume
        #expect(volume.largestFrame == 20_000)
        // Per second one key frame of 20 000 bytes and 24 frames of 1000 bytes.
        #expect(abs(volume.bitRate - 8 * 44_000) < 8 * 3000)
    }

    @Test
    func packetsOfOtherStreamsAreLeftOut() {
        let mixed = packets { if $0 % 2 == 1 { $1.stream = 1 } }
        #expect(abs(PacketStatistics(mixed, videoStream: 0).arrivals.rate - 12.5) < 0.1)
        #expect(PacketStatistics([], videoStream: 0).keyFrames.count == 0)
    }

    @Test
    func lossesAreParsedFromTheLog() {
        var packetLoss = PacketLoss()
        packetLoss.parse("[rtsp] RTP: missed 12 packets")
        packetLoss.parse("[rtsp] RTP: missed 3 packets")
        packetLoss.parse("[rtsp] RTP: dropping old packet received too late")
        packetLoss.parse("[h264] error while decoding MB 3 4")
        #expect(packetLoss == PacketLoss(missed: 15, late: 1))
    }

    @Test
    func lossAffectsFramesUntilTheNextIntactKeyFrame() {
        var losses = LossPropagation()
        var report = ReadReport()
        let missed = [0, 0, 3, 3, 3, 3, 3, 4, 4, 4, 4]
        let keys = [true, false, false, false, false, true, false, false, true, false, true]
        let reached = zip(missed, keys).map {
            losses.update(PacketLoss(missed: $0, late: 1), isKey: $1, report: &report)
        }
        // The key frame right after a loss may be the one that was hit.
        let t = true
        #expect(reached == [false, false, t, t, t, false, false, t, t, t, false])
        #expect(report.missedPackets == 4 && report.latePackets == 1)
    }
}
