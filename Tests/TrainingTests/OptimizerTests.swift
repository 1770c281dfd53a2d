import Configuration
import Tensors
import TestSupport
import Testing
import ThunderNet

@testable import Training

@Suite(.enabled(if: TorchLibrary.isAvailable, "needs a build with the trait Training"))
struct OptimizerTests {
    /// Creates a dense layer; the gradient is 1 for each bias and x for the weights.
    private func layer() throws -> (Graph, Parameters) {
        let graph = Graph.single(Shape(channels: 3, height: 1, width: 1)) {
            $0.dense($1, 2, name: "d")
        }
        return (graph, try Parameters(.random(for: graph), WeightManifest(graph)))
    }

    private func pull(_ graph: Graph, _ parameters: Parameters, by factor: Double = 1) throws {
        let x = try TorchTensor([Float](arrayLiteral: 1, -2, 0.5), [1, 3, 1, 1])
        let y = try #require(
            try TorchReading(graph, parameters, ReadingOptions()).run(["x": x])["y"])
        try y.times(factor).sum().backward()
    }

    @Test func nesterovMomentumMatchesItsFormula() throws {
        let (graph, parameters) = try layer()
        var options = OptimizerOptions()
        options.decay = 0.1
        let optimizer = try Optimizer(parameters, options)
        var weight = Double(try parameters["d.weight"].values()[1])
        var bias = Double(try parameters["d.bias"].values()[0])
        var (speed, biasSpeed) = (0.0, 0.0)
        for _ in 0..<4 {
            try pull(graph, parameters)
            let outcome = try optimizer.step(rate: 0.05)
            #expect(outcome.isDone)
            let gradient = -2 + 0.1 * weight
            speed = 0.9 * speed + gradient
            weight -= 0.05 * (gradient + 0.9 * speed)
            biasSpeed = 0.9 * biasSpeed + 1
            bias -= 0.05 * (1 + 0.9 * biasSpeed)
            #expect(abs(Double(try parameters["d.weight"].values()[1]) - weight) < 1e-5)
            // Biases do not decay.
            #expect(abs(Double(try parameters["d.bias"].values()[0]) - bias) < 1e-5)
        }
    }

    @Test func adamWMatchesItsFormula() throws {
        let (graph, parameters) = try layer()
        var options = OptimizerOptions()
        (options.rule, options.decay, options.clip) = (.adamW, 0.1, 1e9)
        let optimizer = try Optimizer(parameters, options)
        var weight = Double(try parameters["d.weight"].values()[1])
        var (first, second) = (0.0, 0.0)
        for step in 1...4 {
            let factor = Double(step)
            try pull(graph, parameters, by: factor)
            _ = try optimizer.step(rate: 0.05)
            let gradient = -2 * factor
            first = 0.9 * first + 0.1 * gradient
            second = 0.999 * second + 0.001 * gradient * gradient
            var (one, two) = (1.0, 1.0)
            for _ in 0..<step { (one, two) = (one * 0.9, two * 0.999) }
            weight -= 0.05 * 0.1 * weight
            weight -= 0.05 * first / (1 - one) / ((second / (1 - two)).squareRoot() + 1e-8)
            #expect(abs(Double(try parameters["d.weight"].values()[1]) - weight) < 1e-5)
        }
    }

    @Test func largeGradientsAreClipped() throws {
        let (graph, parameters) = try layer()
        var options = OptimizerOptions()
        (options.clip, options.momentum, options.decay) = (1, 0, 0)
        let optimizer = try Optimizer(parameters, options)
        let before = try parameters["d.bias"].values()
        try pull(graph, parameters, by: 100)
        let norm = try optimizer.step(rate: 1).norm
        #expect(abs(norm - 100 * (2 * (1 + 4 + 0.25 + 1.0)).squareRoot()) < 1e-2)
        let moved = before[0] - (try parameters["d.bias"].values()[0])
        #expect(abs(Double(moved) - 100 / norm) < 1e-5)
    }

    @Test func nonFiniteGradientsChangeNothing() throws {
        let (graph, parameters) = try layer()
        let optimizer = try Optimizer(parameters, OptimizerOptions())
        try pull(graph, parameters)
        _ = try optimizer.step(rate: 0.1)
        let before = try optimizer.state()
        try pull(graph, parameters, by: .infinity)
        #expect(try !optimizer.step(rate: 0.1).isDone)
        let after = try optimizer.state()
        #expect(before == after)
        #expect(optimizer.steps == 1)
        try pull(graph, parameters)
        #expect(try optimizer.step(rate: 0.1).isDone)
    }

    @Test func movingAveragesFollowFasterAtTheStart() throws {
        let (graph, parameters) = try layer()
        var options = OptimizerOptions()
        options.average = 0.5
        let optimizer = try Optimizer(parameters, options)
        var average = Double(try parameters["d.bias"].values()[0])
        for step in 1...8 {
            try pull(graph, parameters)
            _ = try optimizer.step(rate: 0.1)
            let kept = min(0.5, Double(1 + step) / Double(10 + step))
            average = kept * average + (1 - kept) * Double(try parameters["d.bias"].values()[0])
        }
        let found = try #require(optimizer.averaged()["d.bias"])
        #expect(abs(Double(found[0]) - average) < 1e-5)
    }

    @Test func learningRateRisesAndFalls() {
        var schedule = RateSchedule(rate: 2, warmUp: 10)
        schedule.end = 0.1
        #expect(abs(schedule.rate(at: StepPlace(step: 0, progress: 0)) - 0.2) < 1e-9)
        #expect(abs(schedule.rate(at: StepPlace(step: 10, progress: 0)) - 2) < 1e-9)
        #expect(abs(schedule.rate(at: StepPlace(step: 99, progress: 1)) - 0.2) < 1e-9)
        var steps = RateSchedule(rate: 1, warmUp: 0, shape: .steps)
        (steps.milestones, steps.factor) = ([0.5, 0.75], 0.1)
        #expect(abs(steps.rate(at: StepPlace(step: 5, progress: 0.49)) - 1) < 1e-9)
        #expect(abs(steps.rate(at: StepPlace(step: 5, progress: 0.5)) - 0.1) < 1e-9)
        #expect(abs(steps.rate(at: StepPlace(step: 5, progress: 0.9)) - 0.01) < 1e-9)
    }
}
