import Configuration
import Datasets
import Foundation
import TestSupport
import Testing
import ThunderNet

@testable import Training

/// The built program, ended by signals and by errors.
@Suite(
    .enabled(if: TorchLibrary.isAvailable, "needs a build with the trait Training"), .serialized)
struct ProgramTests {
    /// Decoder that returns noise.
    private struct Noise: PictureDecoder {
        func decode(_ path: String, to shape: StoreShape) throws -> DecodedPicture {
            let extent = PictureExtent(width: 96, height: 64)
            let rgb = noise(3 * 96 * 64, seed: 1).map { UInt8(max(0, min(255, 128 + 60 * $0))) }
            return DecodedPicture(extent: extent, source: extent, rgb: rgb)
        }
    }

    /// The program next to the test bundle, or from the environment; nil, with a printed note, if it is not built.
    private static let program: String? = {
        let environment = ProcessInfo.processInfo.environment["THUNDERLINE_TRAIN_PROGRAM"]
        let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let beside = bundle.deletingLastPathComponent().appendingPathComponent("thunderline-train")
        let found = [environment, beside.path].compactMap { $0 }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
        if found == nil { print("SKIPPED: no built thunderline-train beside the tests") }
        return found
    }()

    /// Creates a recipe, a store and a folder of a run that lasts until it is ended.
    private func arguments(_ scratch: Scratch, epochs: Double) throws -> [String] {
        let images = (0..<4).map {
            #"{"id":\#($0),"file_name":"\#($0).png","width":96,"height":64}"#
        }
        let boxes = (0..<4).map {
            #"{"id":\#($0),"image_id":\#($0),"category_id":1,"bbox":[10,10,40,30],"area":1200,"iscrowd":0}"#
        }
        let json = try scratch.write(
            "set.json",
            #"{"images":[\#(images.joined(separator: ","))],"annotations":[\#(boxes.joined(separator: ","))],"categories":[{"id":1,"name":"car"}]}"#
        )
        let set = try AnnotatedSet(path: json)
        let shape = StoreShape.exactly(PictureExtent(width: 96, height: 64))
        _ = try StoreBuilder(path: scratch.path("store"), shape: shape, decoder: Noise())
            .store(of: set.pictures.map(\.path))
        let model = ModelDescription(
            name: "small", backbone: "snet49", classes: ["car"], width: 96, height: 64)
        var recipe = TrainingRecipe(
            model: model, length: .epochs(epochs), sizes: [.init(width: 96, height: 64)])
        recipe.training = [SetDescription(json)]
        recipe.batch = 2
        recipe.checkpointSeconds = 0.05
        let path = try scratch.write("recipe.json", recipe.json)
        return [path, scratch.path("store"), "--output", scratch.path("run"), "--threads", "1"]
    }

    /// Waits until a file exists, at most a minute.
    private func wait(for url: URL) throws {
        for _ in 0..<600 where !FileManager.default.fileExists(atPath: url.path) {
            Thread.sleep(forTimeInterval: 0.1)
        }
        try #require(FileManager.default.fileExists(atPath: url.path), "\(url.path)")
    }

    @Test func signalSavesAndKillKeepsThePreviousCheckpoint() throws {
        guard let program = Self.program else { return }
        let scratch = try Scratch()
        let arguments = try arguments(scratch, epochs: 1e6)
        let state = scratch.file("run/run.safetensors")
        let command = Command([program])
        var batches = 0
        for round in 0..<3 {
            let more = round == 0 ? [] : ["--resume"]
            try? FileManager.default.removeItem(at: scratch.file("run/last.safetensors"))
            let ended = try command.run(arguments + more) { process in
                try wait(for: scratch.file("run/last.safetensors"))
                Thread.sleep(forTimeInterval: 0.11 * Double(round + 1))
                kill(process.processIdentifier, round == 1 ? SIGTERM : SIGKILL)
            }
            #expect(ended.status == (round == 1 ? 0 : -9), "\(ended.standardError)")
            if round == 1 { #expect(ended.standardError.contains("stopped after")) }
            let checkpoint = try Checkpoint(contentsOf: state)
            #expect(checkpoint.state.batches > batches)
            batches = checkpoint.state.batches
        }
    }

    @Test func errorsAreReported() throws {
        guard let program = Self.program else { return }
        let scratch = try Scratch()
        var arguments = try arguments(scratch, epochs: 1)
        let command = Command([program])
        let nothing = try command.run(arguments + ["--resume"])
        #expect(nothing.status == 1)
        #expect(nothing.standardError.contains("run.safetensors cannot be read"))
        arguments[1] = scratch.path("set.json")
        let noStore = try command.run(arguments)
        #expect(noStore.status == 1)
        #expect(noStore.standardError.contains("not a complete image store"))
    }
}
