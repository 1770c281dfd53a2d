/// Sentences for people, each once, in the order they arose.
final class Diagnostics {
    private(set) var all: [String] = []

    func add(_ text: String) {
        if !all.contains(text) { all.append(text) }
    }
}
/// A number with what it counts: `1 frame is`, `2 frames are`.
package func pluralized(_ count: Int, _ one: String, _ many: String) -> String {
    "\(count) \(count == 1 ? one : many)"
}
