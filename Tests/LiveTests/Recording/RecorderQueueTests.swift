import Flow
import Foundation
import Pipeline
import TestSupport
import Testing
import Video

@testable import Configuration
@testable import Live

/// Whoever feeds a recorder never waits.
@Suite(.timeLimit(.minutes(1)))
struct RecorderQueueTests {
    private func followed(_ number: Int64) -> RecorderItem {
        .followed(TrackedFrame(arrival: 0, ticks: number, isDamaged: false, objects: []))
    }

    private func offer(_ number: Int64, _ queue: RecorderQueue, cost: Int = 0) -> Bool {
        queue.offer(followed(number), cost: cost)
    }

    private func number(_ item: consuming RecorderItem?) -> Int64? {
        guard case .followed(let picture)? = consume item else { return nil }
        return picture.ticks
    }

    @Test func whatWaitsTellsHowFarWritingIsBehind() {
        let queue = RecorderQueue()
        #expect(queue.delay == 0)
        _ = offer(1, queue)
        usleep(30_000)
        #expect(queue.delay >= 0.03)
        _ = queue.take()
        #expect(queue.delay == 0)
    }

    @Test func whatDoesNotFitIsRefusedAtOnce() {
        let queue = RecorderQueue()
        let half = RecorderQueue.limit / 2
        #expect(offer(1, queue, cost: half))
        #expect(offer(2, queue, cost: half))
        #expect(!offer(3, queue, cost: 1))
        // News of a connection always fits.
        #expect(offer(4, queue))
        #expect(number(queue.take()) == 1)
        #expect(offer(5, queue, cost: half))
        #expect((0..<3).map { _ in number(queue.take()) } == [2, 4, 5])
        // However large, one fits.
        #expect(offer(6, queue, cost: 3 * RecorderQueue.limit))
    }

    @Test func whatWaitsIsStillTakenAfterTheEnd() throws {
        let queue = RecorderQueue()
        for index in 0..<1000 { #expect(offer(Int64(index), queue, cost: 1)) }
        queue.close()
        #expect(!offer(0, queue))
        for index in 0..<1000 { #expect(number(queue.take()) == Int64(index)) }
        #expect(number(queue.take()) == nil)
    }

    @Test func aTakerSleepsUntilThereIsSomething() throws {
        let queue = RecorderQueue()
        let worker = try Worker<Int64?, Never>(name: "taker") { number(queue.take()) }
        _ = queue.offer(followed(7), cost: 1)
        #expect(worker.join() == 7)
    }

    @Test func afterAGapPacketsAreTakenFromTheNextKeyPictureOn() throws {
        let scratch = try Scratch()
        let (packets, source) = try Packets.all(of: Media.small())
        let console = Console(isQuiet: true, isTerminal: false) { _ in }
        var live = LiveDescription()
        live.record.folder = scratch.url.path
        let folder = try RecordingFolder(scratch.url.path, cameras: ["gate"], console: console)
        let recorder = Recorder(
            CameraDescription(name: "gate"), live, try DetectionContext(DetectDescription()),
            folder: folder)
        recorder.begin(source)
        // Nobody takes: a packet as large as the queue fills it.
        #expect(offer(0, recorder.queue, cost: RecorderQueue.limit))
        try recorder.take(packets[1].packet.shared())
        #expect(recorder.status.lost == 1)
        _ = recorder.queue.take()
        _ = recorder.queue.take()
        let video = packets.filter { $0.packet.stream == source.videoStream }
        let delta = try #require(video.first { !$0.packet.isKey })
        let key = try #require(video.first { $0.packet.isKey })
        try recorder.take(delta.packet.shared())
        #expect(recorder.status.lost == 2)
        try recorder.take(key.packet.shared())
        try recorder.take(delta.packet.shared())
        #expect(recorder.status.lost == 2)
        recorder.queue.close()
        var taken = 0
        while recorder.queue.take() != nil { taken += 1 }
        #expect(taken == 2)
    }
}

/// Packets of a file, pictures' included.
enum Packets {
    static func all(of path: String) throws -> ([SharedPacket], SourceDescription) {
        var options = ReaderOptions()
        options.videoOutput = .packets
        options.packetKinds = [.audio]
        var reader = try VideoReader(path, options: options)
        var packets: [SharedPacket] = []
        while let item = try reader.next() {
            switch consume item {
            case .packet(let packet): packets.append(SharedPacket(packet))
            case .frame: Issue.record("nothing was to be decoded")
            }
        }
        return (packets, reader.description)
    }

}
