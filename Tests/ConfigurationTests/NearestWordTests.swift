import Testing

@testable import Configuration

struct NearestWordTests {
    @Test(arguments: [
        ("", "", 0), ("abc", "abc", 0), ("abc", "", 3), ("crf", "cfr", 1), ("kitten", "sitting", 3),
    ])
    func distancesCountEdits(a: String, b: String, edits: Int) {
        #expect(NearestWord.distance(a, b) == edits)
        #expect(NearestWord.distance(b, a) == edits)
    }

    @Test func distantWordsAreNotSuggested() {
        #expect(NearestWord.nearest(to: "elephant", in: ["crf", "audio"]) == nil)
        #expect(NearestWord.nearest(to: "Audoi", in: ["crf", "audio"]) == "audio")
        #expect(
            NearestWord.message("zzz", ["a", "b"]) == "\"zzz\" is not known; there are a, b.")
    }
}
