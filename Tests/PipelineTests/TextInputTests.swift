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
}
