/// Collects messages for the user, without duplicates, in order.
final class Diagnostics {
    private(set) var all: [String] = []

    func add(_ text: String) {
        if !all.contains(text) { all.append(text) }
    }
}
/// Formats a count with its noun: `1 frame is`, `2 frames are`.
package func pluralized(_ count: Int, _ one: String, _ many: String) -> String {
    "\(count) \(count == 1 ? one : many)"
}
