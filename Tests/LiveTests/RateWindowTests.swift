import Testing

@testable import Live

struct RateWindowTests {
    @Test func ratesAreThoseOfTheLastSeconds() {
        var window = RateWindow()
        #expect(window.rates == (0, 0))
        for second in 0..<20 {
            let decoded = second < 10 ? 100 * second : 1000 + 25 * (second - 10)
            window.add(decoded: decoded, detected: second * 5, at: UInt64(second) * 1_000_000_000)
        }
        #expect(window.rates == (25, 5))
    }
}
