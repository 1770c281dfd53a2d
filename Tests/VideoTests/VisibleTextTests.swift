import Testing
import Video

struct VisibleTextTests {
    @Test(arguments: [
        ("plain ü 車 👩‍👩‍👧", "plain ü 車 👩‍👩‍👧"), ("\u{1B}[2Jx", "\\u{1B}[2Jx"), ("a\rb\n", "a\\u{D}b\\u{A}"),
        ("\u{9B}31m", "\\u{9B}31m"), ("\u{7F}\0", "\\u{7F}\\u{0}"),
        ("gpj.\u{202E}x", "gpj.\\u{202E}x"),
        ("\u{2066}\u{2069}\u{200F}\u{061C}", "\\u{2066}\\u{2069}\\u{200F}\\u{61C}"),
        ("\r\n", "\\u{D}\\u{A}"),
    ])
    func steeringCharactersAreEscapedAndNoOthers(text: String, expected: String) {
        #expect(visible(text) == expected)
    }

    @Test func linesStayLines() { #expect(visibleLines("a\u{7}\nb") == "a\\u{7}\nb") }

    @Test func jsonIsEscapedInItsOwnWay() {
        #expect(
            visibleJSON("{\n \"a\": \"\u{9B}\u{202E}ü\"\n}") == "{\n \"a\": \"\\u009b\\u202eü\"\n}")
    }
}
