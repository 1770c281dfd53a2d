import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// `live` under a supervisor: it ends on a signal, and uses no processor time while all cameras are lost.
    @Suite(.timeLimit(.minutes(2)))
    struct LiveStopTests {
        /// State of the cameras at the signal.
        enum Situation: String, CaseIterable, Sendable {
            case silent, refused, delivering, frozen, many, everything
        }

        private func sources(_ situation: Situation, _ silent: SilentServer) throws -> [String] {
            let view = try Media.cameraView()
            let good = { try CameraServer(CameraScript(view)).address() }
            let hole = [
                "rtsp://127.0.0.1:\(silent.port)/x", "http://127.0.0.1:\(silent.port)/x.mjpg",
            ]
            let refused = ["rtsp://127.0.0.1:9/x"]
            var frozen = CameraScript(view)
            frozen.faults = [.freeze(seconds: 100, frame: 10)]
            let stuck = try CameraServer(frozen).address()
            switch situation {
            case .silent: return hole
            case .refused: return refused
            case .delivering: return [try good()]
            case .frozen: return [stuck]
            case .many: return try (0..<12).map { _ in try good() }
            case .everything: return hole + refused + [try good(), stuck]
            }
        }

        @Test(arguments: Situation.allCases)
        func aSignalEndsItWithinTwoSeconds(situation: Situation) throws {
            let silent = try SilentServer()
            let scratch = try Scratch()
            let events = scratch.path("events.ndjson")
            var asked = 0.0
            let ended = try Program.command().run(
                ["live"] + sources(situation, silent)
                    + ["--input", "320x192", "--events", events, "--page", "127.0.0.1:0"]
                    + ["--silence-timeout", "60s"]
            ) { process in
                usleep(2_500_000)
                asked = ProcessInfo.processInfo.systemUptime
                kill(process.processIdentifier, SIGTERM)
            }
            #expect(ProcessInfo.processInfo.systemUptime - asked < 2)
            let codes: [Int32] =
                switch situation {
                case .silent, .refused: [72]
                case .everything: [75]
                default: [0]
                }
            #expect(codes.contains(ended.status), "\(ended.status): \(ended.standardError)")
            #expect(!ended.standardError.contains("do not add up"))
            let lines = try String(contentsOfFile: events, encoding: .utf8)
            #expect(lines.isEmpty || lines.hasSuffix("}\n"))
        }

        @Test func deadCamerasDoNotAffectOthers() throws {
            let silent = try SilentServer()
            let sources =
                (0..<4).map { _ in "rtsp://127.0.0.1:\(silent.port)/x" }
                + (0..<4).map { _ in "rtsp://127.0.0.1:9/x" }
            var spent = 0.0
            _ = try Program.command().run(["live"] + sources) { process in
                usleep(2_000_000)
                let before = processorSeconds(process.processIdentifier)
                usleep(5_000_000)
                spent = processorSeconds(process.processIdentifier) - before
                kill(process.processIdentifier, SIGTERM)
            }
            // 5 % of one core, for attempts to connect.
            #expect(spent / 5 < 0.05)
        }

        /// User and system time of a process in seconds.
        private func processorSeconds(_ process: Int32) -> Double {
            let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
            let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
            guard fields.count > 12 else { return .infinity }
            let ticks = (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)
            return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
        }
    }
}
