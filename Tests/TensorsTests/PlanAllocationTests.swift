import TestSupport
import Testing

@testable import Tensors

struct PlanAllocationTests {
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [PrecisionMap.bfloat16, PrecisionMap(default: .int8(-4...4))])
    func lowPrecisionRunsDoNotAllocate(precisions: PrecisionMap) throws {
        var plan = try Plan(PrecisionTests.network, threads: 2, precisions: precisions)
        plan.write(noise([3, 40, 56], seed: 4), to: "image")
        plan.run()
        let runs = allocations(inDebugToo: true) { for _ in 0..<10 { plan.run() } }
        #expect((runs ?? 0) == 0)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [1, 2])
    func runsDoNotAllocate(threads: Int) throws {
        var graph = Graph()
        let image = graph.input(Shape(channels: 3, height: 64, width: 64), name: "image")
        let stem = graph.relu(graph.conv(image, 24, kernel: 3, stride: 2, bias: true, name: "stem"))
        let plane = graph.depthwise(stem, kernel: 5)
        graph.output(graph.conv(plane, 60, kernel: 1, bias: true, name: "wide"), name: "wide")
        var plan = try Plan(FoldedNetwork(graph, .random(for: graph)), threads: threads)
        plan.run()
        let runs = allocations(inDebugToo: true) { for _ in 0..<10 { plan.run() } }
        #expect((runs ?? 0) == 0)
        var sum: Float = 0
        // The first use of a generic function allocates its metadata.
        for round in 0..<10 {
            let count = allocations {
                plan.withInput("image") { span, layout in
                    span[layout.index(channel: 1, row: 2, column: 3)] += 1
                }
                plan.run()
                plan.withOutput("wide") { span, layout in
                    sum += span[layout.index(channel: 59, row: 31, column: 31)]
                }
            }
            #expect(round == 0 || (count ?? 0) == 0)
        }
        #expect(sum.isFinite)
    }
}
