import EventStore
import Flow
import Foundation
import TestSupport
import Testing

@testable import Configuration
@testable import Live

/// Event store of a run.
@Suite(.timeLimit(.minutes(2)))
struct StoreTests {
    /// Two runs side by side, so that both share the machine with the same programs; the store of one is on a full disk.
    @Test func fullDiskOfTheStoreCostsNoFrame() throws {
        let scratch = try Scratch()
        let folder = scratch.path("disk")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let mount = Program.run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder])
        guard mount.status == 0 else { return print("SKIPPED: no small disk can be mounted here") }
        defer { _ = Program.run("umount", ["-l", folder]) }
        var description = LiveDescription()
        description.cameras = [CameraDescription(name: "gate", source: try Media.small())]
        let alone = try RunningLive(description)
        description.store.folder = "\(folder)/store"
        let live = try RunningLive(description)
        let writer = try #require(live.run.store).writer
        let decoded = { (run: RunningLive) in run.run.statuses[0].counts.decoded }
        live.wait(30) { decoded(live) > 0 && decoded(alone) > 0 }
        _ = Program.run("sh", ["-c", "cat /dev/zero >\(folder)/filler 2>/dev/null"])
        let before = [decoded(alone), decoded(live)]
        let waits = (0..<400).map { number in
            usleep(20_000)
            let start = ProcessInfo.processInfo.systemUptime
            writer.post(
                NewEvent(
                    camera: "gate", className: "car", kind: "begin", track: number,
                    time: number, score: 0.5, box: "[]",
                    json: "{\"text\":\"\(String(repeating: "x", count: 4000))\"}"))
            return ProcessInfo.processInfo.systemUptime - start
        }.sorted()
        let frames = [decoded(alone) - before[0], decoded(live) - before[1]]
        #expect(frames[0] > 40 && Double(frames[1]) > 0.9 * Double(frames[0]), "\(frames)")
        #expect(waits[200] < 0.001 && waits[399] < 1, "\(waits[200]) \(waits[399])")
        #expect(live.printed.contains { $0.contains("no space left") }, "\(live.printed)")
        _ = alone.end()
        let start = ProcessInfo.processInfo.systemUptime
        #expect(live.end().cameras[0].counts.check())
        #expect(ProcessInfo.processInfo.systemUptime - start < 15)
    }
}
