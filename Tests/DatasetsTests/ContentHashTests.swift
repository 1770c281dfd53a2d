import Testing

@testable import Datasets

struct ContentHashTests {
    /// Hashes computed by the reference implementation.
    @Test(arguments: [
        ("", "ef46db3751d8e999"), ("a", "d24ec4f1a98c6e5b"), ("abc", "44bc2cf5ad770999"),
        (
            "Nobody inspects the spammish repetition",
            "fbcea83c8a378bf1"
        ),
    ])
    func hashMatchesTheReference(text: String, hash: String) {
        #expect(ContentHash.text(ContentHash.of(Array(text.utf8).span)) == hash)
    }

    @Test func everyByteChangesTheHash() {
        let bytes = (0..<77).map { UInt8($0) }
        var hashes: Set<UInt64> = [ContentHash.of(bytes.span)]
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1
            hashes.insert(ContentHash.of(changed.span))
        }
        #expect(hashes.count == 78)
    }
}
