/// Suggestions for misspelt words.
public enum NearestWord {
    /// `"x" is not known; did you mean "y"?`, or the list of known words when none is near.
    public static func message(_ word: String, _ known: [String]) -> String {
        if let near = nearest(to: word, in: known) {
            return "\"\(word)\" is not known; did you mean \"\(near)\"?"
        }
        return "\"\(word)\" is not known; there are \(known.joined(separator: ", "))."
    }

    /// The known word with the fewest edits, if at most a third of its letters differ.
    public static func nearest(to word: String, in known: [String]) -> String? {
        let ranked = known.map { ($0, distance(word.lowercased(), $0.lowercased())) }
        guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(1, best.0.count / 3) else {
            return nil
        }
        return best.0
    }

    /// Damerau-Levenshtein distance with adjacent transpositions (optimal string alignment).
    static func distance(_ a: String, _ b: String) -> Int {
        let a = Array(a.utf8)
        let b = Array(b.utf8)
        var older = [Int](repeating: 0, count: b.count + 1)
        var old = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1] + [Int](repeating: 0, count: b.count)
            for j in b.indices {
                let substituted = old[j] + (a[i] == b[j] ? 0 : 1)
                row[j + 1] = min(old[j + 1] + 1, row[j] + 1, substituted)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    row[j + 1] = min(row[j + 1], older[j - 1] + 1)
                }
            }
            older = old
            old = row
        }
        return old[b.count]
    }
}
