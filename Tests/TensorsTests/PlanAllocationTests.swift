import CAllocations
import Testing

@testable import Tensors

struct PlanAllocationTests {
    @Test(.timeLimit(.minutes(1)), arguments: [1, 2])
    func runsAllocateNothing(threads: Int) throws {
        guard tl_allocations_are_counted() != 0 else {
            print("SKIPPED: allocations are not counted under sanitizers")
            return
        }
        var graph = Graph()
        let image = graph.input(Shape(channels: 3, height: 64, width: 64), name: "image")
        let stem = graph.relu(graph.conv(image, 24, kernel: 3, stride: 2, bias: true, name: "stem"))
        let plane = graph.depthwise(stem, kernel: 5)
        graph.output(graph.conv(plane, 60, kernel: 1, bias: true, name: "wide"), name: "wide")
        var plan = try Plan(FoldedNetwork(graph, .random(for: graph)), threads: threads)
        plan.run()
        let before = tl_allocations_on_this_thread()
        for _ in 0..<10 { plan.run() }
        #expect(tl_allocations_on_this_thread() == before)
        #if !DEBUG
            // Unoptimised code puts the closures' contexts on the heap; the first use of a generic function
            // allocates its description.
            var sum: Float = 0
            var warm = before
            for round in 0..<10 {
                if round == 1 { warm = tl_allocations_on_this_thread() }
                plan.withInput("image") { span, layout in
                    span[layout.index(channel: 1, row: 2, column: 3)] += 1
                }
                plan.run()
                plan.withOutput("wide") { span, layout in
                    sum += span[layout.index(channel: 59, row: 31, column: 31)]
                }
            }
            #expect(tl_allocations_on_this_thread() == warm)
            #expect(sum.isFinite)
        #endif
    }
}
