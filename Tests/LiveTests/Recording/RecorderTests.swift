import Flow
import Foundation
import Pipeline
import TestSupport
import Testing
import Video

@testable import Configuration
@testable import Live

@Suite(.timeLimit(.minutes(1)))
struct RecorderTests {
    @Test func afterALossPacketsAreTakenFromTheNextKeyFrameOn() throws {
        let scratch = try Scratch()
        let (packets, source) = try Packets.all(of: Media.small())
        let console = Console(isQuiet: true, isTerminal: false) { _ in }
        var live = LiveDescription()
        live.record.folder = scratch.url.path
        let folder = try RecordingFolder(scratch.url.path, cameras: ["gate"], console: console)
        let recorder = Recorder(
            CameraDescription(name: "gate"), live, try DetectionContext(DetectDescription()),
            folder: folder)
        recorder.connected(source)
        // Without a consumer, one item as large as the limit fills the queue.
        let isFilled = recorder.queue.accepts(
            .clipRequested, cost: RecorderQueue.recorderLimit)
        #expect(isFilled)
        try recorder.receive(packets[1].packet.shared())
        #expect(recorder.status.lost == 1)
        _ = recorder.queue.take()
        _ = recorder.queue.take()
        let video = packets.filter { $0.packet.stream == source.videoStream }
        let delta = try #require(video.first { !$0.packet.isKey })
        let key = try #require(video.first { $0.packet.isKey })
        try recorder.receive(delta.packet.shared())
        #expect(recorder.status.lost == 2)
        try recorder.receive(key.packet.shared())
        try recorder.receive(delta.packet.shared())
        #expect(recorder.status.lost == 2)
        recorder.queue.close()
        var taken = 0
        while recorder.queue.take() != nil { taken += 1 }
        #expect(taken == 2)
    }
}
