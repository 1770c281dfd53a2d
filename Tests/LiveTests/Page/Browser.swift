import Foundation
import TestSupport

/// Chromium, driven step by step through its debugging pipe.
struct Browser {
    /// Name of the program; nil, with a line that says so, where there is none.
    static let program: String? = {
        let found = ["chromium", "chromium-browser", "google-chrome"].first {
            Program.run($0, ["--version"]).status == 0
        }
        if found == nil { print("SKIPPED: no Chromium (.ci/install tests)") }
        return found
    }()

    /// Results of steps, in their order, and complaints of the pages.
    struct Outcome {
        var results: [Any]
        var complaints: [String]

        /// Steps whose results they are.
        let steps: [(String, Any)]

        /// Result of a step as text.
        subscript(index: Int) -> String {
            "\(results.indices.contains(index) ? results[index] : "none")"
        }

        /// Result of one of the steps with a key, counted from 0.
        subscript(key: String, number: Int) -> String {
            let indices = steps.indices.filter { steps[$0].0 == key }
            return indices.indices.contains(number) ? self[indices[number]] : "none"
        }

        /// Conditions that did not become true.
        var unmet: [String] {
            steps.indices.filter { steps[$0].0 == "wait" && !["1", "true"].contains(self[$0]) }
                .map { "\(steps[$0].1)" }
        }
    }

    /// Runs steps as `browser.py` explains them.
    static func run(
        _ steps: [(String, Any)], in scratch: Scratch, size: String = "1280x800"
    ) throws -> Outcome? {
        guard let program else { return nil }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("browser.py").path
        let input = scratch.path("steps-\(UUID().uuidString).json")
        try JSONSerialization.data(withJSONObject: steps.map { [$0.0: $0.1] })
            .write(to: URL(fileURLWithPath: input))
        let ended = try Command(["sh", "-c"]).run([
            "python3 \"$0\" \"$1\" \"$2\" \"$3\" <\"$4\"", script, program,
            scratch.path("profile"), size, input,
        ])
        var lines = try ended.output.split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8), options: .fragmentsAllowed)
        }
        let complaints = lines.count == steps.count + 1 ? lines.removeLast() as? [String] : nil
        return Outcome(
            results: lines, complaints: complaints ?? ["the browser ended: \(ended.standardError)"],
            steps: steps)
    }
}
