import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// `live` and Debian's RTSP server in a network namespace that really loses packets.
    @Suite(.timeLimit(.minutes(2)))
    struct NetworkTests {
        /// Treatment of packets by the network, as shell commands.
        enum Weather: String, CaseIterable, Sendable {
            case loss =
                "nft 'add chain t in { type filter hook input priority 0; }; add rule t in numgen random mod 100 < 5 drop'"
            case jitter = "tc qdisc add dev lo root netem delay 30ms 20ms"
            case deafNameServer =
                "echo nameserver 127.0.0.1 > $RESOLV && mount --bind $RESOLV /etc/resolv.conf && nft 'add chain t in { type filter hook input priority 0; }; add rule t in udp dport 53 drop'"

            /// True when this machine permits it; a skip is printed otherwise.
            var isAllowed: Bool {
                let isAllowed = (try? NetworkTests.run(self, "true").status) == 0
                if !isAllowed {
                    print(
                        "SKIPPED: no network of our own with \(self) (nftables, iproute2, kernel)")
                }
                return isAllowed
            }
        }

        /// Runs a script in a network namespace of its own.
        private static func run(_ weather: Weather, _ script: String) throws -> Command.Ended {
            let scratch = try Scratch()
            var command = Command(["unshare", "--map-root-user", "--net", "--mount", "bash", "-ec"])
            command.environment["RESOLV"] = scratch.path("resolv.conf")
            return try command.run([
                "ip link set lo up; nft add table t; \(weather.rawValue); \(script)"
            ])
        }

        private func definition(_ scratch: Scratch) throws -> String {
            let cameras = ["tcp", "udp"].map {
                "  - {name: \($0), source: 'rtsp://127.0.0.1:8554/camera', connection: {transport: \($0)}}"
            }
            return try scratch.write(
                "cameras.yaml",
                """
                command: live
                for: 15s
                model: {input: 320x192}
                cameras:
                \(cameras.joined(separator: "\n"))
                """)
        }

        @Test(arguments: [Weather.loss, .jitter])
        func camerasAreWatchedThroughBadWeather(weather: Weather) throws {
            guard GStreamerCamera.isThere, weather.isAllowed else { return }
            let scratch = try Scratch()
            let server = "\(Shared.root.path)/Tests/TestSupport/gstreamer_camera.py"
            let ended = try Self.run(
                weather,
                """
                /usr/bin/python3 \(server) \(Media.longCameraMovie()) 8554 > /dev/null &
                trap "kill -9 $!" EXIT
                sleep 1
                \(#require(Program.path)) live \(definition(scratch))
                """)
            #expect(ended.status == 0, "\(ended.standardError)")
            #expect(!ended.standardError.contains("do not add up"))
            #expect(!ended.standardError.contains("no frames at the end"), "\(ended.standardError)")
            let decoded = ["tcp", "udp"].map { name in
                ended.standardError.split(separator: "\n")
                    .first { $0.hasPrefix("\(name): ") && $0.contains(" decoded = ") }?
                    .split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            }
            // 25 frames per second for fifteen seconds, less the time to connect with lost packets.
            #expect(decoded.allSatisfy { $0 > 125 && $0 <= 400 }, "\(ended.standardError)")
            let isDamaged = { (name: String) in
                ended.standardError.split(separator: "\n").contains {
                    $0.hasPrefix("\(name): note: ") && $0.hasSuffix(" frames are damaged.")
                }
            }
            #expect(!isDamaged("tcp"), "\(ended.standardError)")
            if weather == .loss { #expect(isDamaged("udp"), "\(ended.standardError)") }
        }

        @Test func anUnresolvedHostNameDoesNotDelayAStop() throws {
            guard Weather.deafNameServer.isAllowed else { return }
            let ended = try Self.run(
                .deafNameServer,
                """
                \(#require(Program.path)) live rtsp://camera.example/x --open-timeout 1s &
                sleep 4
                begun=$(date +%s%N)
                kill -TERM $!
                code=0; wait $! || code=$?
                echo $code $((($(date +%s%N) - begun) / 1000000))
                """)
            let words = ended.output.split { $0.isWhitespace }.compactMap { Int($0) }
            try #require(words.count == 2, "\(ended.output) \(ended.standardError)")
            #expect(words[0] == 72 && words[1] < 2000, "\(words)")
            #expect(ended.standardError.contains("no answer in time"), "\(ended.standardError)")
        }
    }
}
