import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// The unit for systemd.
    struct ServiceTests {
        private static let unit = Shared.root
            .appendingPathComponent("Samples/systemd/thunderline.service").path

        /// The unit with the path of the built program.
        private func unit(in scratch: Scratch) throws -> String {
            let text = try String(contentsOfFile: Self.unit, encoding: .utf8)
            return try scratch.write(
                "thunderline.service",
                text.replacingOccurrences(
                    of: "/usr/local/bin/thunderline", with: try #require(Program.path)))
        }

        @Test func theSystemdUnitIsValid() throws {
            let scratch = try Scratch()
            let verify = Command(["systemd-analyze", "verify", "--man=no"])
            guard try verify.run(["--version"]).status == 0 else {
                return print("SKIPPED: there is no systemd-analyze here")
            }
            let ended = try verify.run([unit(in: scratch)])
            #expect(ended.status == 0)
            #expect(ended.standardError.isEmpty, "\(ended.standardError)")
        }

        @Test func theSystemdUnitIsHardened() throws {
            let scratch = try Scratch()
            let judge = Command(["systemd-analyze", "security", "--offline=yes", "--threshold=20"])
            guard try judge.run(["--version"]).status == 0 else {
                return print("SKIPPED: there is no systemd-analyze here")
            }
            let ended = try judge.run([unit(in: scratch)])
            #expect(ended.status == 0, "\(ended.output)")
        }
    }
}
