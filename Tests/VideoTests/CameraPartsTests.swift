import Foundation
import TestSupport
import Testing

@testable import Video

/// Parts of the camera reader.
struct CameraPartsTests {
    @Test func liveClockJumpIsDetectedByArrival() {
        var repair = TimestampRepair(timeBase: Ratio(1, 1000), nominalRate: Ratio(25, 1))
        #expect(repair.next(0, arrival: 5000) == 0)
        #expect(repair.next(40, arrival: 5040) == 40)
        // Twelve seconds of silence are no jump; an hour in 40 ms is one.
        #expect(repair.next(12_040, arrival: 17_040) == 12_040)
        #expect(repair.jumps == 0)
        #expect(repair.next(3_612_080, arrival: 17_080) == 12_080)
        #expect(repair.next(3_612_120, arrival: 17_120) == 12_120)
        #expect(repair.jumps == 1)
        #expect(repair.next(0, arrival: 19_120) == 14_120)
        #expect(repair.jumps == 2)
        // Half a second back is disorder; two seconds are a clock that was set.
        #expect(repair.next(-500, arrival: 19_160) == 14_121)
        #expect(repair.next(40, arrival: 19_200) == 14_160)
        #expect(repair.next(-2000, arrival: 19_240) == 14_200)
        #expect(repair.next(-1960, arrival: 19_280) == 14_240)
        #expect(repair.jumps == 3)
    }

    private func origins(_ held: Int, wall: [(Double, at: Double)]) -> [PacketOrigin] {
        var origins = FrameOrigins(held: held, timeBase: Ratio(1, 90000))
        return wall.map { clock, seconds in
            origins.next(PacketOrigin(arrival: UInt64(seconds * 1e9), wallClock: clock))
        }
    }

    @Test func heldFramesHaveTheArrivalOfTheirStart() {
        let told = [(100.0, at: 1.0), (100.04, at: 1.04), (100.08, at: 1.08)]
        #expect(origins(0, wall: told).map(\.wallClock) == [100, 100.04, 100.08])
        let held = origins(1, wall: told)
        #expect(held.map(\.wallClock) == [nil, 100, 100.04])
        #expect(held.map(\.arrival) == [1_000_000_000, 1_000_000_000, 1_040_000_000])
    }

    @Test func wallClockIsCorrectAcrossTimestampWrap() {
        let lap = 4_294_967_296.0 / 90000
        let told = [(1e9, at: 1.0), (1e9 + 1 - lap, at: 2.0), (1e9 + 2 - lap, at: 3.0)]
        for (origin, seconds) in zip(origins(0, wall: told), 0...) {
            #expect(abs((origin.wallClock ?? 0) - 1e9 - Double(seconds)) < 1e-3)
        }
        // A clock that was set is accepted.
        let set = origins(0, wall: [(1000, at: 1), (1e9, at: 2), (1e9 - 3600, at: 3)])
        #expect(set.map(\.wallClock) == [1000, 1e9, 1e9 - 3600])
    }

    @Test func withoutArrivalsOnlyDaysAreJumps() {
        var repair = TimestampRepair(timeBase: Ratio(1, 1000), nominalRate: Ratio(25, 1))
        #expect(repair.next(0) == 0)
        #expect(repair.next(3_600_000) == 3_600_000)
        #expect(repair.jumps == 0)
    }

    @Test func originsAreFoundByNumberUntilOverwritten() {
        var origins = PacketOrigins(capacity: 4)
        for arrival in 1...6 {
            #expect(origins.note(PacketOrigin(arrival: UInt64(arrival))) == Int64(arrival))
        }
        #expect(origins[6]?.arrival == 6 && origins[3]?.arrival == 3)
        #expect(origins[2] == nil && origins[0] == nil && origins[7] == nil && origins[-1] == nil)
    }

    @Test func skippingLessWaitsForAKeyFrame() {
        var gate = SkipGate()
        for _ in 0..<3 {
            #expect(gate.pass(isKey: false) == false)
            gate.received()
        }
        gate.wanted = .nonKey
        #expect(gate.pass(isKey: false) == true)
        #expect(gate.pass(isKey: false) == false)
        #expect(gate.skipped == 2)
        gate.wanted = .none
        #expect(gate.pass(isKey: false) == false)
        #expect(gate.present == .nonKey)
        #expect(gate.pass(isKey: true) == true)
        gate.received()
        #expect(gate.present == .none && gate.skipped == 3)
    }

    @Test func transportChangesOnlyAfterTransportFailures() {
        var choice = TransportChoice([.tcp, .udp], for: "RTSP://camera/1")
        #expect(choice.current == .tcp)
        choice.failed(VideoError(.notFound, ""))
        choice.failed(VideoError(.notReadable, ""))
        #expect(choice.current == .tcp)
        choice.failed(VideoError(.timedOut, ""))
        #expect(choice.current == .udp)
        choice.delivered()
        // The connection breaks and attempts fail: the other transport is tried at the 4th, 8th,
        // and 16th.
        let tried = (1...20).map { _ in
            choice.failed(VideoError(.timedOut, ""))
            return choice.current
        }
        #expect(tried.indices.filter { tried[$0] == .tcp } == [3, 7, 15])
        choice.failed(VideoError(.notFound, ""))
        #expect(choice.current == .udp)
    }

    @Test(arguments: [ReaderOptions.Transport.tcp, .udp])
    func singleTransportIsKept(transport: ReaderOptions.Transport) {
        var choice = TransportChoice([transport], for: "rtsp://camera/1")
        choice.failed(VideoError(.timedOut, ""))
        #expect(choice.current == transport && choice.count == 1)
    }

    @Test(arguments: [
        ("http://h/v.cgi?user=a&pwd=b&x=1", "http://h/v.cgi?user=***&pwd=***&x=1"),
        ("see rtsp://a:b@h/?Token=z now", "see rtsp://***@h/?Token=*** now"),
        ("http://h/?x", "http://h/?x"), ("no address?pwd=b", "no address?pwd=b"),
        ("http://h/a@b?c=d@e", "http://h/a@b?c=d@e"),
    ])
    func secretsInQueriesAreHidden(text: String, shown: String) {
        #expect(redacted(text) == shown)
    }

    @Test func teardownRunsOnAnotherThread() throws {
        let camera = try CameraServer(CameraScript(Media.cameraView()))
        let opener = ConnectionOpener()
        let connection = try opener.open(camera.address(), CameraFaultTests.options(.tcp)) { false }
        let wasOpen = connection.reader != nil
        opener.close(connection)
        let end = ProcessInfo.processInfo.systemUptime + 5
        while opener.blockedCount > 0 && ProcessInfo.processInfo.systemUptime < end {
            usleep(20_000)
        }
        let isOpen = connection.reader != nil
        #expect(wasOpen && !isOpen)
    }

    /// Blocked attempts are abandoned up to a limit; then no new one is made.
    @Test func blockedAttemptsAreAbandonedAndBounded() throws {
        let opener = ConnectionOpener()
        let silent = try SilentServer()
        let address = "http://127.0.0.1:\(silent.port)/video"
        var options = ReaderOptions()
        options.isLive = true
        options.deadlines.open = 30
        for _ in 0..<ConnectionOpener.limit + 2 {
            let begun = ProcessInfo.processInfo.systemUptime
            #expect(throws: VideoError.self) {
                _ = try opener.open(address, options) {
                    ProcessInfo.processInfo.systemUptime > begun + 0.2
                }
            }
            #expect(ProcessInfo.processInfo.systemUptime - begun < 1)
        }
        // FFmpeg's own waits heed the callback, so all of these end soon.
        let end = ProcessInfo.processInfo.systemUptime + 5
        while opener.blockedCount > 0 && ProcessInfo.processInfo.systemUptime < end {
            usleep(20_000)
        }
        #expect(opener.blockedCount == 0)
    }
}
