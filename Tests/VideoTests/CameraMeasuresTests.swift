import Foundation
import Testing

@testable import Video

/// What numbers are made of packets.
struct CameraMeasuresTests {
    /// Packets 40 ms apart, a key frame every 25, the first ten read while the source was opened.
    private func packets(
        _ count: Int = 200, change: (Int, inout PacketFacts) -> Void = { _, _ in }
    ) -> [PacketFacts] {
        (0..<count).map { index in
            var packet = PacketFacts()
            packet.stamp = 7 + Double(index) * 0.04
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
    func whatCameBeforeItWasAskedForSaysNothingOfArrival() {
        let arrivals = CameraMeasures(packets(), video: 0).arrivals
        #expect(arrivals.count == 189)
        #expect(abs(arrivals.rate - 25) < 1e-6 && arrivals.jitter < 1e-6)
        #expect(CameraMeasures(packets(10), video: 0).arrivals.count == 0)
    }

    @Test
    func keyFramesAreMeasuredFromOneToTheNext() {
        let keys = CameraMeasures(packets(), video: 0).keys
        #expect(keys.count == 8)
        #expect(keys.pictures == 25)
        #expect(abs((keys.seconds ?? 0) - 1) < 1e-6)
        let late = packets { index, packet in
            if index == 0 { packet.stamp = nil }
            if index > 12 { packet.arrival += 5 }
        }
        #expect(abs((CameraMeasures(late, video: 0).keys.seconds ?? 0) - 1) < 1e-6)
        let single = CameraMeasures(packets { $1.isKey = $0 == 5 }, video: 0).keys
        #expect(single.count == 1 && single.seconds == nil)
        #expect(abs(single.since - 194 * 0.04) < 1e-6)
    }

    @Test
    func nothingIsMeasuredFromOneConnectionToTheNext() {
        let measures = CameraMeasures(
            packets { index, packet in
                guard index >= 100 else { return }
                packet.connection = 1
                packet.arrival += 60
                packet.stamp = Double(index)
            }, video: 0)
        #expect(measures.arrivals.longest < 0.05)
        #expect(measures.keys.pictures == 25)
    }

    @Test
    func framesThatAreSentBeforeEarlierOnesAreReordered() {
        // I P B B P B B: each P is sent before the two that are shown earlier.
        let order = [0, 3, 1, 2, 6, 4, 5, 9, 7, 8]
        let measures = CameraMeasures(
            packets(10) { $1.stamp = Double(order[$0]) * 0.04 }, video: 0)
        #expect(measures.order.reordering == 1)
        #expect(abs(measures.order.delay - 0.08) < 1e-6)
        #expect(CameraMeasures(packets(), video: 0).order == CameraProbe.TimestampOrder())
    }

    @Test
    func repeatedStampsAreCountedAndLeapsAreNoReordering() {
        let measures = CameraMeasures(
            packets { index, packet in
                if index % 50 == 1 { packet.stamp = (packet.stamp ?? 0) - 0.04 }
                if index >= 120 { packet.stamp = (packet.stamp ?? 0) - 3600 }
            }, video: 0)
        #expect(measures.order.repeated == 4)
        #expect(measures.order.reordering == 0)
        #expect(measures.drift == nil)
    }

    @Test
    func driftIsTheSlopeOfStampsOverArrivals() throws {
        let exact = try #require(CameraMeasures(packets(), video: 0).drift)
        #expect(abs(exact.partsPerMillion) < 1)
        let fast = packets { index, packet in
            packet.stamp = Double(index) * 0.04 * 1.002
            packet.arrival += index % 2 == 0 ? 0.002 : 0
        }
        let drift = try #require(CameraMeasures(fast, video: 0).drift)
        #expect(abs(drift.partsPerMillion - 2000) < drift.uncertainty)
        #expect(drift.uncertainty > 10 && drift.uncertainty < 500)
    }

    @Test
    func theWallClockIsComparedWithOurs() {
        let behind = packets { $1.wallClock = $1.arrivalSince1970 - ($0 % 40 == 0 ? 9 : 3) }
        #expect(abs((CameraMeasures(behind, video: 0).wallOffset ?? 0) + 3) < 1e-3)
        #expect(CameraMeasures(packets(), video: 0).wallOffset == nil)
    }

    @Test
    func bitsAreCountedOverTheTimeInWhichTheyCame() {
        let volume = CameraMeasures(packets(), video: 0).volume
        #expect(volume.largestPicture == 20_000)
        // One key frame of 20 000 bytes and 24 pictures of 1000 bytes a second.
        #expect(abs(volume.bitRate - 8 * 44_000) < 8 * 3000)
    }

    @Test
    func packetsOfOtherStreamsAreLeftOut() {
        let mixed = packets { if $0 % 2 == 1 { $1.stream = 1 } }
        #expect(abs(CameraMeasures(mixed, video: 0).arrivals.rate - 12.5) < 0.1)
        #expect(CameraMeasures([], video: 0).keys.count == 0)
    }

    @Test
    func linesOfTheLogAreCounted() {
        var trouble = NetworkError()
        trouble.note("[rtsp] RTP: missed 12 packets")
        trouble.note("[rtsp] RTP: missed 3 packets")
        trouble.note("[rtsp] RTP: dropping old packet received too late")
        trouble.note("[h264] error while decoding MB 3 4")
        #expect(trouble == NetworkError(missed: 15, late: 1))
    }

    @Test
    func whatTheNetworkLostIsMissedUntilTheNextWholeKeyPicture() {
        var losses = NetworkLosses()
        var report = ReadReport()
        let missed = [0, 0, 3, 3, 3, 3, 3, 4, 4, 4, 4]
        let keys = [true, false, false, false, false, true, false, false, true, false, true]
        let reached = zip(missed, keys).map {
            losses.reach(NetworkError(missed: $0, late: 1), isKey: $1, report: &report)
        }
        // The key picture right after a loss may be the one that was hit.
        let t = true
        #expect(reached == [false, false, t, t, t, false, false, t, t, t, false])
        #expect(report.missedPackets == 4 && report.latePackets == 1)
    }
}
