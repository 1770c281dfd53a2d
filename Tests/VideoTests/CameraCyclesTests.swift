import Foundation
import TestSupport
import Testing

@testable import Video

/// Resources left by cameras that are lost again and again.
@Suite(.timeLimit(.minutes(2)), .serialized)
struct CameraCyclesTests {
    enum End: String, CaseIterable, Sendable { case disconnect, freeze, refusal, password }

    /// Resources of a process.
    struct Holdings {
        let descriptors: Int
        let threads: Int
        let megabytes: Double

        /// Resources after teardown and the camera's own sessions have ended.
        static var settled: Holdings {
            usleep(900_000)
            let count = { (path: String) in
                (try? FileManager.default.contentsOfDirectory(atPath: path).count) ?? 0
            }
            return Holdings(
                descriptors: count("/proc/self/fd"), threads: count("/proc/self/task"),
                megabytes: Double(bytesInUse) / 1e6)
        }
    }

    private func camera(_ end: End) throws -> CameraServer {
        var script = CameraScript(try Media.cameraView())
        script.rate = 100
        switch end {
        case .disconnect: script.faults = [.disconnect(frame: 20)]
        case .freeze: script.faults = [.freeze(seconds: 0.4, frame: 20)]
        case .refusal: script.refusals = ["PLAY": 454]
        case .password: script.login = ("anna", "secret")
        }
        return try CameraServer(script)
    }

    private static let ways: [(End, ReaderOptions.Transport)] =
        End.allCases.map { ($0, .tcp) } + [(.disconnect, .udp), (.freeze, .udp)]

    @Test(arguments: ways)
    func lossesLeakNoResources(way: (end: End, transport: ReaderOptions.Transport)) throws {
        let camera = try camera(way.end)
        var options = CameraFaultTests.options(way.transport)
        options.deadlines.betweenPackets = 0.1
        options.deadlines.close = 0.2
        let latest = ProcessInfo.processInfo.systemUptime + 60
        var reader = CameraReader(
            camera.address("anna:guess"), options: options,
            environment: CameraReader.Environment(sleep: { _ in }),
            stop: { ProcessInfo.processInfo.systemUptime > latest })
        try lose(&reader, times: 4)
        let start = Holdings.settled
        try lose(&reader, times: 8)
        let middle = Holdings.settled
        try lose(&reader, times: 8)
        let end = Holdings.settled
        // A leak would add to all of these in both halves; other tests in this process may take a
        // few meanwhile.
        let growth = [(start, middle), (middle, end)]
        #expect(growth.map { $1.descriptors - $0.descriptors }.min() ?? 0 < 4)
        #expect(growth.map { $1.threads - $0.threads }.min() ?? 0 < 4)
        #expect(growth.map { $1.megabytes - $0.megabytes }.min() ?? 0 < 1)
    }

    private func lose(_ reader: inout CameraReader, times: Int) throws {
        var left = times
        while left > 0 {
            if case .lost = try reader.next() { left -= 1 }
        }
    }
}
