import Foundation
import TestSupport
import Testing
import ThunderNet

struct BareNetworkTests {
    private func model() throws -> Model {
        let description = try ModelDescription(
            json: """
                {"format":"thunderline-model","version":1,"backbone":"snet49","classes":["car"],
                 "input":{"width":64,"height":96}}
                """, name: "small")
        return try .untrained(description)
    }

    private func network(threads: Int = 1) throws -> BareNetwork {
        try BareNetwork(model: model(), threads: threads)
    }

    /// Images of one colour each.
    private func images(_ model: Model, _ grays: [UInt8]) -> NetworkImages {
        var images = NetworkImages(model: model)
        for gray in grays {
            let rgb = [UInt8](repeating: gray, count: 3 * 32 * 24)
            images.add(rgb: rgb.span, width: 32, height: 24)
        }
        return images
    }

    private func floats(_ url: URL) throws -> [Float] {
        let data = try Data(contentsOf: url)
        return (0..<data.count / 4).map { index in
            Float(
                bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[4 * index + $1]) << (8 * $1) })
        }
    }

    @Test func lastImageIsTheInputAndOthersCalibrate() throws {
        let model = try model()
        let scratch = try Scratch()
        let folder = scratch.url.appendingPathComponent("new")
        var network = try BareNetwork(model: model, images: images(model, [0, 128, 255]))
        try network.export(to: folder)
        let input = try floats(folder.appendingPathComponent("input.f32"))
        // White, normalised, channel after channel.
        #expect(input.count == 3 * 64 * 96)
        #expect(abs(input[0] - (255 - 123.675) / 58.395) < 1e-5)
        #expect(abs(input[input.count - 1] - (255 - 103.53) / 57.375) < 1e-5)
        let calibration = try floats(folder.appendingPathComponent("pictures.f32"))
        #expect(calibration.count == 2 * input.count)
        #expect(abs(calibration[0] + 123.675 / 58.395) < 1e-5)
    }

    /// Ranges of dark images clip a bright input.
    @Test func randomWeightsAreCalibratedOnTheImages() throws {
        let model = try model()
        func worst(_ grays: [UInt8]) throws -> Double {
            var network = try BareNetwork(
                model: model, precision: .int8, images: images(model, grays))
            return network.check().map(\.error).max() ?? 0
        }
        #expect(try worst([110, 120, 255]) > 2 * worst([0, 255, 255]))
    }

    @Test func outputsMatchTheReference() throws {
        var network = try network()
        let errors = network.check()
        #expect(Set(errors.map(\.output)) == ["objectness", "deltas", "attended"])
        #expect(errors.allSatisfy { $0.error < 1e-4 }, "\(errors)")
    }

    @Test func profileCountsEveryMultiplyAdd() throws {
        var network = try network()
        let layers = network.profile(rounds: 2)
        #expect(layers.reduce(0) { $0 + $1.multiplyAdds } == network.multiplyAdds)
        #expect(layers.allSatisfy { $0.microseconds > 0 })
    }

    @Test(arguments: [1, 2])
    func timesAndLimitsAreMeasured(threads: Int) throws {
        var network = try network(threads: threads)
        let time = network.run()
        #expect(time > 0 && network.limitGigaflops > 0)
        #expect(network.buildMilliseconds > 0 && network.coldMilliseconds > 0)
        #expect(
            abs(network.gigaflops(milliseconds: 2) - 1e-6 * Double(network.multiplyAdds)) < 1e-9)
    }

    @Test func exportWritesNetworkInputAndOutputs() throws {
        let scratch = try Scratch()
        var network = try network()
        try network.export(to: scratch.url.appendingPathComponent("new"))
        let folder = scratch.url.appendingPathComponent("new")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(
            names == ["attended.f32", "deltas.f32", "input.f32", "network.onnx", "objectness.f32"])
        let input = try Data(contentsOf: folder.appendingPathComponent("input.f32"))
        #expect(input.count == 4 * 3 * 64 * 96)
    }
}
