/// Sentences for people, each once, in the order they arose.
final class Notices {
    private(set) var all: [String] = []

    func add(_ text: String) {
        if !all.contains(text) { all.append(text) }
    }
}
