import Foundation
import TestSupport
import Testing
import Video

struct FileDigestTests {
    @Test func digestsMatchTestVectors() throws {
        let scratch = try Scratch()
        #expect(
            FileDigest.sha256(of: try scratch.write("empty", ""))
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            FileDigest.sha256(of: try scratch.write("abc", "abc"))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func unreadableFileHasNoDigest() { #expect(FileDigest.sha256(of: "/nowhere") == nil) }
}
