/// A number with what it counts: `1 frame is`, `2 frames are`.
package func counted(_ count: Int, _ one: String, _ many: String) -> String {
    "\(count) \(count == 1 ? one : many)"
}
