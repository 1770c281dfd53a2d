import Foundation
import TestSupport
import Testing
import Training

/// Behavior of a build without the trait.
@Suite(.enabled(if: !TorchLibrary.isAvailable, "this build has libtorch"))
struct PlainBuildTests {
    @Test func libtorchIsNotLinked() throws {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let folder = tests.deletingLastPathComponent()
        for name in ["thunderline", "thunderline-train", tests.lastPathComponent] {
            let path = folder.appendingPathComponent(name).path
            guard FileManager.default.isExecutableFile(atPath: path) else { continue }
            let listed = Program.run("ldd", [path])
            let text = String(decoding: listed.text, as: UTF8.self)
            #expect(listed.status == 0)
            #expect(!text.contains("torch") && !text.contains("libc10"), "\(name)")
        }
    }

    @Test func errorExplainsHowToInstallTheLibrary() {
        let error = #expect(throws: TorchError.self) {
            try TorchTensor([Float](arrayLiteral: 1), [1])
        }
        #expect(error?.description.contains("Samples/train/libtorch.sh") == true)
        #expect(TorchLibrary.version.isEmpty)
    }
}
