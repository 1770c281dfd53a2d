import Foundation
import TestSupport
import Testing
import ThunderNet

struct BareNetworkTests {
    private func network(threads: Int = 1) throws -> BareNetwork {
        let description = try ModelDescription(
            json: """
                {"format":"thunderline-model","version":1,"backbone":"snet49","classes":["car"],
                 "input":{"width":64,"height":96}}
                """, name: "small")
        return try BareNetwork(model: .untrained(description), threads: threads)
    }

    @Test func outputsAreThoseOfTheReference() throws {
        var network = try network()
        let errors = network.check()
        #expect(Set(errors.map(\.output)) == ["objectness", "deltas", "attended"])
        #expect(errors.allSatisfy { $0.error < 1e-4 }, "\(errors)")
    }

    @Test func theProfileCountsEveryMultiplyAdd() throws {
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

    @Test func whatOtherEnginesNeedIsWritten() throws {
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
