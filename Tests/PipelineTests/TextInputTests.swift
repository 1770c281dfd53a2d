import Foundation
import TestSupport
import Testing

@testable import Pipeline

struct TextInputTests {
    private func reason(of path: String) -> ExitReason {
        do throws(RunError) {
            _ = try TextInput.read(path)
            return .done
        } catch {
            return error.message.contains(path) ? error.reason : .failed
        }
    }

    @Test func aTextFileIsReadUnchanged() throws {
        let scratch = try Scratch()
        #expect(try TextInput.read(scratch.write("a.txt", "über\r\n")) == "über\r\n")
        #expect(scratch.names == ["a.txt"])
    }

    @Test func everyUnreadableInputHasItsExitCode() throws {
        let scratch = try Scratch()
        let latin = scratch.path("latin.txt")
        try Data([0x66, 0xfc, 0x72]).write(to: URL(fileURLWithPath: latin))
        #expect(reason(of: scratch.path("none.txt")) == .notFound)
        #expect(reason(of: scratch.url.path) == .notReadable)
        #expect(reason(of: latin) == .usage)
        #expect(scratch.names == ["latin.txt"])
    }

    /// Reading a device or a FIFO might never end, and a file of terabytes would take all memory.
    @Test func onlyRegularFilesOfBoundedSizeAreRead() throws {
        let scratch = try Scratch()
        let large = try scratch.write("large.txt", String(repeating: "a", count: 100))
        #expect(throws: RunError.self) { try TextInput.read(large, limit: 99) }
        #expect(try TextInput.read(large, limit: 100).count == 100)
        let pipe = scratch.path("pipe")
        let made = unsafe mkfifo(pipe, 0o600)
        #expect(made == 0 && reason(of: pipe) == .notReadable)
        #expect(reason(of: "/dev/zero") == .notReadable)
    }
}
