import TestSupport
import Testing

/// Names and comments use the field's terms.
struct LanguageTests {
    /// Words that once named types here and that the field does not use in this sense, with the term to use.
    private static let retiredWords: [String: String] = [
        "looker": "FrameDetector", "lookers": "detectors", "sight": "PendingFrame",
        "easel": "renderer",
        "easels": "renderers", "desk": "EventQueue", "crew": "threads", "crews": "threads",
        "patrol": "ConnectionReaper", "scribe": "event writer", "seat": "source",
        "seats": "sources",
        "taker": "consumer", "takers": "consumers", "handoff": "TransferBox", "bells": "waiters",
        "lonely": "CachePaddedAtomic", "leniency": "DecoderSkip", "farewell": "teardown",
        "farewells": "teardowns", "stamp": "timestamp", "stamps": "timestamps",
        "restamped": "retimed", "slab": "activation buffer", "slabs": "activation buffers",
        "addend": "residual", "addends": "residuals", "narrowing": "quantization",
        "claim": "detection", "claims": "detections", "shelf": "cache", "visitor": "client",
        "visitors": "clients",
    ]

    /// Phrases that a reader has to decode.
    private static let retiredPhrases = [
        "key picture", "of ours", "leans on", "lean on", "for want of", "looks/s", "looked at",
        "narrow numbers", "way of sending", "passed over", "eventlog", "stagerecorder",
        "fairqueue", "sourcejob", "objectchoice", "picturewidth", "pictureheight", "picturefit",
        "never meet", "gives way", "give way", "givewayto", "other rides",
    ]

    /// Words that a file may use, and why.
    private static let exceptions: [String: (words: Set<String>, reason: String)] = [
        "Tests/TidyTests/LanguageTests.swift": (
            Set(retiredWords.keys).union(retiredPhrases), "the list itself"
        ),
        "Sources/Live/Page/PageReplies.swift": (["stamps"], "a deprecated JSON field"),
        "Sources/Live/Documentation.docc/Cameras.md": (["stamps"], "a deprecated JSON field"),
        "Tests/LiveTests/Page/PageRepliesTests.swift": (["stamps"], "a deprecated JSON field"),
        "Samples/RoadScene/Rendering/Shading.swift": (["seats"], "seats of a car"),
        "Sources/ThunderNet/Models/MODEL-CARD.md": (["seat"], "the driver's seat"),
        "Sources/thunderline/ProbeJSON.swift": (["stamps"], "a deprecated JSON field"),
        "Tests/ThunderlineTests/ProbeTests.swift": (["stamps"], "a deprecated JSON field"),
        "Sources/ThunderNet/Documentation.docc/ModelFiles.md": (["narrowing"], "a deprecated key"),
        "Sources/ThunderNet/ModelFiles/DescriptionReading.swift": (
            ["narrowing"], "a deprecated key"
        ),
        "Tests/ThunderNetTests/ModelDescriptionTests.swift": (["narrowing"], "a deprecated key"),
    ]

    private static let folders = ["Sources", "Tests", "Samples", "Pipelines"]
    private static let endings = [
        ".swift", ".c", ".h", ".md", ".py", ".js", ".html", ".yaml", ".sh",
    ]

    @Test func filesUseNoRetiredWord() throws {
        for file in try Repository.files(under: Self.folders, endings: Self.endings) {
            let allowed = Self.exceptions[file.path]?.words ?? []
            for (index, line) in file.lines.enumerated() {
                for word in Self.words(of: line) where !allowed.contains(word) {
                    guard let term = Self.retiredWords[word] else { continue }
                    Issue.record("\(file.path):\(index + 1) says \"\(word)\": use \"\(term)\"")
                }
            }
        }
    }

    @Test func filesUseNoRetiredPhrase() throws {
        for file in try Repository.files(under: Self.folders, endings: Self.endings) {
            let allowed = Self.exceptions[file.path]?.words ?? []
            for (index, line) in file.lines.enumerated() {
                let text = line.lowercased()
                for phrase in Self.retiredPhrases where text.contains(phrase) {
                    #expect(
                        allowed.contains(phrase), "\(file.path):\(index + 1) says \"\(phrase)\"")
                }
            }
        }
    }

    /// A doc comment that opens with a pronoun must be read to its verb before it says anything.
    @Test func docCommentsBeginWithANounOrAVerb() throws {
        let pronouns: Set<Substring> = ["What", "How", "Whether", "Where", "Which"]
        var comments = 0
        var offenders: [String] = []
        for file in try Repository.files(under: ["Sources"], endings: [".swift", ".h"]) {
            var isInside = false
            for (index, line) in file.lines.enumerated() {
                let text = line.drop { $0 == " " }
                let begins = text.hasPrefix("///") && !isInside
                isInside = text.hasPrefix("///")
                guard begins else { continue }
                comments += 1
                let first = text.dropFirst(3).drop { $0 == " " }.prefix { $0.isLetter }
                if pronouns.contains(first) { offenders.append("\(file.path):\(index + 1)") }
            }
        }
        #expect(comments > 1000)
        #expect(
            Double(offenders.count) < 0.03 * Double(comments),
            "\(offenders.count) of \(comments): \(offenders.prefix(20).joined(separator: ", "))")
    }

    @Test func theGlossaryHasAtMostFortyEntries() throws {
        let page = try Repository.text(of: "Sources/Pipeline/Documentation.docc/Glossary.md")
        let entries = page.split(separator: "\n").filter { $0.hasPrefix("- **") }.count
        #expect(entries > 20 && entries <= 40, "\(entries) entries")
    }

    /// Lower-case words of a line, identifiers split at capitals and underscores.
    private static func words(of line: Substring) -> [String] {
        var words: [String] = []
        var word = ""
        var wasLower = false
        for letter in line + " " {
            if !letter.isLetter || (letter.isUppercase && wasLower) {
                if !word.isEmpty { words.append(word.lowercased()) }
                word = ""
            }
            if letter.isLetter { word.append(letter) }
            wasLower = letter.isLowercase
        }
        return words
    }
}
