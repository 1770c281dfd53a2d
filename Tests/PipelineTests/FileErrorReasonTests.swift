import Foundation
import Pipeline
import TestSupport
import Testing

struct FileErrorReasonTests {
    private func trouble(_ work: () throws -> Void) -> String {
        do {
            try work()
            return ""
        } catch {
            return fileErrorReason(error)
        }
    }

    @Test func errorsOfTheSystemBecomeShortClauses() throws {
        let scratch = try Scratch()
        let none = scratch.url.appendingPathComponent("none/file")
        let missing = "there is no such file or folder. Check the path."
        #expect(trouble { _ = try Data(contentsOf: none) } == missing)
        #expect(trouble { try Data().write(to: none) } == missing)
        let listing = trouble { _ = try FileManager.default.contentsOfDirectory(atPath: none.path) }
        #expect(listing == missing)
        for code in [CocoaError.fileReadNoPermission, .fileWriteNoPermission] {
            #expect(trouble { throw CocoaError(code) }.hasPrefix("permission denied"))
        }
    }

    @Test func unwritableOutputsAreRefusedBeforeAnyWork() throws {
        let scratch = try Scratch()
        let old = try scratch.write("old.mp4", "precious")
        try checkWritable(scratch.path("new.mp4"), overwrite: false)
        try checkWritable(old, overwrite: true)
        for (path, overwrite, words) in [
            (old, false, "--overwrite"), (scratch.path("no/new.mp4"), true, "its folder"),
            (old + "/new.mp4", false, "its folder"),
        ] {
            let error = #expect(throws: RunError.self) {
                try checkWritable(path, overwrite: overwrite)
            }
            #expect(error?.reason == .notWritable)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
    }

    @Test func onlyAFullDiskHasTheCodeOfAFullDisk() {
        func reason(_ error: any Error) -> ExitReason {
            RunError("Writing x", writing: error).reason
        }
        #expect(reason(CocoaError(.fileWriteOutOfSpace)) == .diskFull)
        #expect(reason(CocoaError(.fileWriteNoPermission)) == .notWritable)
        #expect(reason(RunError(.usage, "")) == .usage)
    }
}
