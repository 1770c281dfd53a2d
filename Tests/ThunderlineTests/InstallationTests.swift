import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// The program outside of its build folder.
    struct InstallationTests {
        private func copy(_ names: [String], to folder: URL) throws {
            let built = URL(fileURLWithPath: try #require(Program.path)).resolvingSymlinksInPath()
                .deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for name in names {
                try FileManager.default.copyItem(
                    at: built.appendingPathComponent(name), to: folder.appendingPathComponent(name))
            }
        }

        @Test func aCopyBesideItsModelWorks() throws {
            let place = try Scratch()
            try copy(["thunderline", "thunderline_ThunderNet.resources"], to: place.url)
            let ended = try Command([place.path("thunderline")]).run(
                ["detect", Media.small(), "--no-video", "--results", "-", "--input", "64x64"])
            #expect(ended.status == 0, "\(ended.standardError)")
            #expect(ended.lines.count == 50)
        }

        @Test func aPrefixWorks() throws {
            let place = try Scratch()
            try copy(["thunderline"], to: place.url.appendingPathComponent("bin"))
            let share = place.url.appendingPathComponent("share/thunderline")
            try copy(["thunderline_ThunderNet.resources"], to: share)
            try FileManager.default.moveItem(
                at: share.appendingPathComponent("thunderline_ThunderNet.resources/Models"),
                to: share.appendingPathComponent("models"))
            let ended = try Command([place.path("bin/thunderline")]).run(["models"])
            #expect(ended.lines == ["driving"])
        }

        @Test func aMissingModelIsReportedWithTheSearchedFolders() throws {
            let place = try Scratch()
            try copy(["thunderline"], to: place.url.appendingPathComponent("bin"))
            let ended = try Command([place.path("bin/thunderline")]).run(
                ["detect", Media.small(), "--no-video", "--results", "-"])
            #expect(ended.status == 76)
            #expect(
                ended.standardError.contains(
                    "\(place.url.lastPathComponent)/share/thunderline/models"))
        }
    }
}
