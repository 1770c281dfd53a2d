import Testing

@testable import Training

struct RandomTests {
    /// Known-answer test vectors of the Random123 distribution.
    @Test func philoxMatchesTheKnownAnswers() {
        #expect(
            Philox.block(SIMD4(), key: SIMD2())
                == SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
        let ones = UInt32.max
        #expect(
            Philox.block(SIMD4(repeating: ones), key: SIMD2(ones, ones))
                == SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
        #expect(
            Philox.block(
                SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
                key: SIMD2(0xA409_3822, 0x299F_31D0))
                == SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
    }

    @Test func streamDependsOnItsKeyOnly() {
        func words(_ seed: UInt64, _ epoch: Int, _ item: Int, _ purpose: RandomPurpose) -> [UInt32]
        {
            var stream = RandomStream(seed: seed, epoch: epoch, item: item, purpose: purpose)
            return (0..<9).map { _ in stream.word() }
        }
        #expect(words(1, 2, 3, .color) == words(1, 2, 3, .color))
        let others = [
            words(1, 2, 3, .color), words(2, 2, 3, .color), words(1, 3, 3, .color),
            words(1, 2, 4, .color), words(1, 2, 3, .mosaic), words(1 << 32, 2, 3, .color),
        ]
        #expect(Set(others).count == others.count)
    }

    /// Golden values, because changed numbers would change every run.
    @Test func streamMatchesItsGoldenValues() {
        var stream = RandomStream(seed: 42, epoch: 1, item: 7, purpose: .geometry)
        let block = Philox.block(SIMD4(0, 3, 7, 1), key: SIMD2(42, 0))
        let (word, unit) = (stream.word(), stream.unit())
        let (index, truth) = (stream.index(below: 10), stream.happens(0.5))
        #expect(word == block.x)
        #expect(unit == Float(block.y >> 8) / 16_777_216)
        #expect(index == Int(UInt64(block.z) * 10 >> 32))
        #expect(truth == (block.w < 1 << 31))
        #expect(RandomPurpose.allCases.map(\.rawValue) == Array(1...10))
    }

    @Test func indicesAreUniformlyDistributed() {
        var stream = RandomStream(seed: 3, epoch: 0, item: 0, purpose: .order)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[stream.index(below: 7)] += 1 }
        // Six standard deviations of a binomial count.
        #expect(counts.allSatisfy { abs($0 - 10_000) < 6 * 93 }, "\(counts)")
    }

    @Test func shuffleKeepsAllElementsAndSubsetKeepsOrder() {
        for item in 0..<50 {
            var stream = RandomStream(seed: 5, epoch: 0, item: item, purpose: .order)
            let all = Array(0..<(item + 1))
            #expect(stream.shuffled(all).sorted() == all)
            let chosen = stream.chosen(item / 2, of: all)
            #expect(chosen.count == item / 2)
            #expect(chosen == chosen.sorted() && Set(chosen).count == chosen.count)
        }
    }

    @Test func elementsAreChosenWithEqualFrequency() {
        var counts = [Int](repeating: 0, count: 10)
        for item in 0..<20_000 {
            var stream = RandomStream(seed: 5, epoch: 0, item: item, purpose: .anchors)
            for place in stream.chosen(3, of: Array(0..<10)) { counts[place] += 1 }
        }
        #expect(counts.allSatisfy { abs($0 - 6_000) < 6 * 65 }, "\(counts)")
    }
}
