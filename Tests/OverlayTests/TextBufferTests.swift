import Testing

@testable import Overlay

@Suite struct TextBufferTests {
    @Test(arguments: [0, 7, 10, 99, 100, -5, 1_234_567_890, Int.max, Int.min])
    func integersAreFormattedInDecimal(_ number: Int) {
        #expect(written { $0.append(number) } == "\(number)")
    }

    @Test func scoresAreFormattedAsPercent() {
        for (score, text) in [
            (Float(0.914), "91%"), (1, "100%"), (0, "0%"), (2, "100%"), (-1, "0%"),
            (.infinity, "100%"), (.nan, "–"),
        ] {
            #expect(written { $0.append(percentOf: score) } == text)
        }
    }

    @Test func ratesHaveOneDecimal() {
        for (rate, text) in [
            (29.97, "30.0"), (0.04, "0.0"), (61.34, "61.3"), (-3, "0.0"), (.nan, "–"),
            (1e300, "1000000000.0"),
        ] {
            #expect(written { $0.append(tenthsOf: rate) } == text)
        }
    }

    @Test func controlCharactersBecomeSpaces() {
        #expect(written { $0.append("a\nb\u{7}ü") } == "a b ü")
    }

    @Test func lineIsTruncatedAtItsCapacity() {
        let text = written { $0.append(String(repeating: "x", count: 10_000)) }
        #expect(text.count == TextBuffer.capacity)
    }

    private func written(_ body: (inout TextBuffer) -> Void) -> String {
        var buffer = TextBuffer()
        body(&buffer)
        var text = ""
        for value in buffer.scalars {
            if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}
