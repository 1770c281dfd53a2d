import Testing
import Video

struct KeyedHashTests {
    /// Test case 2 of RFC 4231.
    @Test func theHashIsThatOfTheStandard() {
        #expect(
            KeyedHash.hexadecimal(of: "what do ya want for nothing?", key: "Jefe")
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }
}
