import Testing

@testable import Live

struct StoredFileTests {
    @Test func rangesAreThoseThatPlayersRequest() {
        #expect(StoredFile.range("bytes=0-", of: 10) == 0..<10)
        #expect(StoredFile.range("bytes=3-5", of: 10) == 3..<6)
        #expect(StoredFile.range("bytes=3-500", of: 10) == 3..<10)
        for odd in [
            nil, "", "bytes=", "bytes=-4", "bytes=10-", "bytes=5-3", "bytes=1-2,4-5", "x=1-2",
        ] {
            #expect(StoredFile.range(odd, of: 10) == nil)
        }
    }
}
