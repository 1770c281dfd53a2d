import Foundation
import TestSupport
import Testing

@testable import Tensors

struct ModelFileTests {
    @Test func writtenFilesReadBackEqual() throws {
        let folder = try Scratch()
        let url = folder.file("model.safetensors")
        let file = ModelFile(
            name: "m", metadata: ["model": "{}"], tensors: ["a": noise([3, 4], seed: 1)])
        try file.write(to: url)
        let back = try ModelFile(contentsOf: url)
        #expect(back.tensors == file.tensors && back.metadata == file.metadata)
        #expect(back.name == url.path)
    }

    @Test(arguments: ["/nonexistent/model.safetensors", "/", "/dev/zero", "/dev/null"])
    func nonRegularFilesAreErrors(path: String) {
        let error = #expect(throws: ModelError.self) {
            try ModelFile(contentsOf: URL(fileURLWithPath: path))
        }
        #expect(error?.kind == .unreadable && error?.file == path)
    }

    @Test func emptyFileIsAnError() throws {
        let folder = try Scratch()
        let url = try folder.write("empty.safetensors", Data())
        let error = #expect(throws: ModelError.self) { try ModelFile(contentsOf: url) }
        #expect(error?.description.contains("is 0 bytes long, too short") == true)
        #expect(error?.file == url.path)
    }

    @Test func unwritablePathIsNamed() {
        let file = ModelFile(name: "m", metadata: [:], tensors: [:])
        let error = #expect(throws: ModelError.self) {
            try file.write(to: URL(fileURLWithPath: "/nonexistent/model.safetensors"))
        }
        #expect(
            error?.description.contains("/nonexistent/model.safetensors: cannot be written") == true
        )
    }
}
