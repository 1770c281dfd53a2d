import Foundation
import Scene
import TestSupport
import Testing
import ThunderNet
import Video

/// The example of the README, compiled here.
private func readmeExample() throws {
    // Example begins.
    var detector = try Detector(model: ModelCatalog().model())
    var tracker = Tracker(options: TrackerOptions())
    var detections: [Detection] = []
    var reader = try VideoReader("drive.mp4")
    while let item = try reader.next() {
        guard case .frame(let frame) = consume item else { continue }
        frame.withPicture { detector.load($0) }
        detector.detectLoaded(into: &detections)
        tracker.update(
            detections, at: frame.timestamp.seconds, frameWidth: frame.width,
            frameHeight: frame.height)
        for object in tracker.objects {
            print(object.id, detector.classes[object.classIndex], object.box)
        }
    }
    // Example ends.
}

struct ReadmeExampleTests {
    @Test func theReadmeShowsTheExampleThatIsCompiledHere() throws {
        let readme = try String(
            contentsOf: Shared.root.appendingPathComponent("README.md"), encoding: .utf8)
        let source = try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8)
        let shown = try #require(Self.between("```swift\n", "```", in: readme))
        let compiled = try #require(
            Self.between("// Example begins.\n", "// Example ends.", in: source))
        let imports = ["Scene", "ThunderNet", "Video"].map { "import \($0)\n" }.joined()
        #expect(Self.code(shown) == Self.code(imports + compiled))
        #expect(throws: (any Error).self, "there is no drive.mp4") { try readmeExample() }
    }

    /// Text between the first occurrence of one text and the next of another.
    private static func between(_ start: String, _ end: String, in text: String) -> String? {
        guard let first = text.range(of: start) else { return nil }
        let rest = text[first.upperBound...]
        return rest.range(of: end).map { String(rest[..<$0.lowerBound]) }
    }

    /// Code without white space, since the README breaks lines elsewhere.
    private static func code(_ text: String) -> String { text.filter { !$0.isWhitespace } }
}
