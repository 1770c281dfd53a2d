import Tensors
import Testing

@testable import ThunderNet

struct PrecisionChoiceTests {
    private var measured: ModelDescription.Narrowing {
        var narrowing = ModelDescription.Narrowing()
        narrowing.ranges = ["a": -1...2]
        narrowing.bfloat16Loss = 0.0005
        narrowing.int8Loss = 0.004
        return narrowing
    }

    @Test func aModelVouchesForWhatWasMeasuredAndLosesLittle() {
        var narrowing = measured
        #expect(narrowing.vouches(for: .int8) && narrowing.vouches(for: .bfloat16))
        narrowing.int8Loss = 0.006
        narrowing.bfloat16Loss = 0.002
        #expect(!narrowing.vouches(for: .int8) && !narrowing.vouches(for: .bfloat16))
        #expect(narrowing.vouches(for: .float32))
        #expect(!ModelDescription.Narrowing().vouches(for: .int8))
        narrowing = measured
        narrowing.ranges = [:]
        #expect(!narrowing.vouches(for: .int8))
    }

    @Test(arguments: InstructionSet.available)
    func automaticTakesTheFastestThatIsVouchedFor(set: InstructionSet) throws {
        let fastest = set.fastestPrecisions.first ?? .float32
        #expect(try measured.resolve(.automatic, on: set) == fastest)
        #expect(try ModelDescription.Narrowing().resolve(.automatic, on: set) == .float32)
        var narrowing = measured
        narrowing.int8Loss = nil
        #expect(try narrowing.resolve(.automatic, on: set) != .int8)
    }

    @Test func whatCannotBeIsSaid() throws {
        #expect(throws: ModelError.self) {
            try ModelDescription.Narrowing().resolve(.int8, on: .best)
        }
        #expect(throws: PlanError.unsupportedPrecision(.bfloat16, .portable)) {
            try measured.resolve(.bfloat16, on: .portable)
        }
        // Asked for by name, a precision is taken whatever it loses.
        var narrowing = measured
        narrowing.int8Loss = 0.5
        #expect(try narrowing.resolve(.int8, on: .best) == .int8)
    }

    @Test(arguments: InstructionSet.available)
    func productsThatWereNotCalibratedStayWider(set: InstructionSet) {
        let map = measured.map(for: .int8, on: set)
        #expect(map["a"] == .int8(-1...2))
        let gains = set.fastestPrecisions.contains(.bfloat16)
        #expect(map["b"] == (gains ? .bfloat16 : .float32))
        #expect(measured.map(for: .float32, on: set) == .float32)
    }
}
