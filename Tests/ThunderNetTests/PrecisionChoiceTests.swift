import Tensors
import Testing

@testable import ThunderNet

struct PrecisionChoiceTests {
    private var measured: ModelDescription.LowPrecision {
        var lowPrecision = ModelDescription.LowPrecision()
        lowPrecision.ranges = ["a": -1...2]
        lowPrecision.bfloat16Loss = 0.0005
        lowPrecision.int8Loss = 0.004
        return lowPrecision
    }

    @Test func precisionsWithSmallMeasuredLossArePermitted() {
        var lowPrecision = measured
        #expect(lowPrecision.permits(.int8) && lowPrecision.permits(.bfloat16))
        lowPrecision.int8Loss = 0.006
        lowPrecision.bfloat16Loss = 0.002
        #expect(!lowPrecision.permits(.int8) && !lowPrecision.permits(.bfloat16))
        #expect(lowPrecision.permits(.float32))
        #expect(!ModelDescription.LowPrecision().permits(.int8))
        lowPrecision = measured
        lowPrecision.ranges = [:]
        #expect(!lowPrecision.permits(.int8))
    }

    @Test(arguments: InstructionSet.available)
    func automaticChoosesTheFastestPermittedPrecision(set: InstructionSet) throws {
        let fastest = set.fastestPrecisions.first ?? .float32
        #expect(try measured.resolve(.automatic, on: set) == fastest)
        #expect(try ModelDescription.LowPrecision().resolve(.automatic, on: set) == .float32)
        var lowPrecision = measured
        lowPrecision.int8Loss = nil
        #expect(try lowPrecision.resolve(.automatic, on: set) != .int8)
    }

    @Test func unavailablePrecisionsAreErrors() throws {
        #expect(throws: ModelError.self) {
            try ModelDescription.LowPrecision().resolve(.int8, on: .best)
        }
        #expect(throws: PlanError.unsupportedPrecision(.bfloat16, .portable)) {
            try measured.resolve(.bfloat16, on: .portable)
        }
        // A precision chosen by name is used regardless of its loss.
        var lowPrecision = measured
        lowPrecision.int8Loss = 0.5
        #expect(try lowPrecision.resolve(.int8, on: .best) == .int8)
    }

    @Test(arguments: InstructionSet.available)
    func layersWithoutRangesUseAHigherPrecision(set: InstructionSet) {
        let map = measured.map(for: .int8, on: set)
        #expect(map["a"] == .int8(-1...2))
        let gains = set.fastestPrecisions.contains(.bfloat16)
        #expect(map["b"] == (gains ? .bfloat16 : .float32))
        #expect(measured.map(for: .float32, on: set) == .float32)
    }
}
