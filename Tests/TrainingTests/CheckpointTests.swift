import Foundation
import Tensors
import TestSupport
import Testing

@testable import Training

/// Files that survive crashes; libtorch is not needed.
struct CheckpointTests {
    private let state = RunState(
        recipe: "r", data: "d", batches: 7, steps: 6, skipped: 1, seed: 3, torch: "2.13.0",
        processor: "AVX2", threads: 2)

    @Test func writtenCheckpointReadsBack() throws {
        let scratch = try Scratch()
        let tensors = ["weight.a": Tensor(dims: [2], [1.5, -.infinity])]
        try Checkpoint(state: state, tensors: tensors).write(to: scratch.file("run.safetensors"))
        let read = try Checkpoint(contentsOf: scratch.file("run.safetensors"))
        #expect(read.state == state)
        #expect(read.tensors == tensors)
        #expect(scratch.names == ["run.safetensors"])
    }

    @Test func fullDiskIsReportedAndThePreviousFileIsKept() throws {
        let scratch = try Scratch()
        let url = scratch.file("run.safetensors")
        try DurableFile.replace(url, with: [1, 2, 3])
        // The temporary file is a link to a device that is always full.
        try FileManager.default.createSymbolicLink(
            atPath: url.path + ".partial", withDestinationPath: "/dev/full")
        let error = #expect(throws: CheckpointError.self) {
            try DurableFile.replace(url, with: [UInt8](repeating: 4, count: 100_000))
        }
        #expect(error?.description.contains("the disk is full") == true)
        #expect(try Data(contentsOf: url) == Data([1, 2, 3]))
    }

    @Test func leftoverTemporaryFileIsOverwritten() throws {
        let scratch = try Scratch()
        try scratch.write("run.safetensors.partial", Data([9, 9, 9, 9, 9, 9]))
        try DurableFile.replace(scratch.file("run.safetensors"), with: [1, 2])
        #expect(try Data(contentsOf: scratch.file("run.safetensors")) == Data([1, 2]))
        #expect(scratch.names == ["run.safetensors"])
    }

    @Test func modelIsRefusedAsCheckpoint() throws {
        let scratch = try Scratch()
        let url = scratch.file("model.safetensors")
        try ModelFile(name: "m", metadata: [:], tensors: ["a": Tensor(dims: [1])]).write(to: url)
        let error = #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: url) }
        #expect(error?.description.contains("it contains a model") == true)
    }
}
