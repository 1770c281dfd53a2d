import Foundation
import TestSupport
import Testing
import Video

@testable import Live

struct StoredFileTests {
    @Test func rangesAreThoseThatPlayersRequest() {
        #expect(StoredFile.range("bytes=0-", of: 10) == 0..<10)
        #expect(StoredFile.range("bytes=3-5", of: 10) == 3..<6)
        #expect(StoredFile.range("bytes=3-500", of: 10) == 3..<10)
        for odd in [
            nil, "", "bytes=", "bytes=-4", "bytes=10-", "bytes=5-3", "bytes=1-2,4-5", "x=1-2",
        ] {
            #expect(StoredFile.range(odd, of: 10) == nil)
        }
    }

    /// What was judged is what is served: neither the file nor its folder may be a link.
    @Test func onlyRegularFilesOfARealFolderAreServed() async throws {
        let scratch = try Scratch()
        try scratch.write("real/a.mp4", "video")
        try scratch.write("real/private", "private")
        let files = FileManager.default
        try files.createSymbolicLink(
            atPath: scratch.path("real/b.mp4"), withDestinationPath: scratch.path("real/private"))
        try files.createSymbolicLink(
            atPath: scratch.path("linked"), withDestinationPath: scratch.path("real"))
        let limit = ConcurrencyLimit(4)
        for (folder, name, isServed) in [
            ("real", "a.mp4", true), ("real", "b.mp4", false), ("linked", "a.mp4", false),
            ("real", ".", false), ("real", "none.mp4", false),
        ] {
            let path = scratch.path(folder)
            let permit = try #require(limit.acquire())
            let file = await StoredFile([name], in: { RealFolder(path) }, permit: permit)
            #expect((file != nil) == isServed, "\(folder)/\(name)")
        }
    }
}
