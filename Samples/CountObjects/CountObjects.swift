import Scene
import ThunderNet
import Video

/// `count-objects VIDEO`: counts the distinct objects of each class in a recording.
///
/// Example of reading a video, detecting objects in each frame, and tracking them.
@main
enum CountObjects {
    static func main() throws {
        guard CommandLine.arguments.count == 2 else { return print("usage: count-objects VIDEO") }
        var counter = try Counter()
        var reader = try VideoReader(CommandLine.arguments[1])
        // The reader returns decoded frames and packets of the other streams; only frames matter here.
        while let item = try reader.next() {
            guard case .frame(let frame) = consume item else { continue }
            counter.detect(in: frame)
        }
        for (name, count) in counter.counts { print("\(count)\t\(name)") }
    }
}

/// Detector, tracker and the class of each identity seen so far.
struct Counter: ~Copyable {
    private var detector: Detector
    private var tracker: Tracker
    private var detections: [Detection] = []
    /// Latest class of each identity; a track may change its class.
    private var classes: [Int: Int] = [:]

    /// Loads the model that ships with the library.
    init() throws {
        detector = try Detector(model: ModelCatalog().model())
        // A van may be classified as car now and as truck later; grouped classes share one identity.
        let vehicles: Set = ["car", "bus", "truck"]
        let group = detector.classes.enumerated().filter { vehicles.contains($0.element) }.map(
            \.offset)
        var options = TrackerOptions()
        options.classGroups = [group]
        tracker = Tracker(options: options)
    }

    /// Detects the objects of one frame and tracks them.
    mutating func detect(in frame: borrowing Frame) {
        // Scaling and colour conversion to the network's input take one pass over the planes.
        frame.withPicture { detector.load($0) }
        detector.detectLoaded(into: &detections)
        tracker.update(
            detections, at: frame.timestamp.seconds, frameWidth: frame.width,
            frameHeight: frame.height)
        for object in tracker.objects { classes[object.id] = object.classIndex }
    }

    /// Tracked objects of the last frame.
    var objects: [TrackedObject] { tracker.objects }

    /// Class names and numbers of identities, in the model's order.
    var counts: [(name: String, count: Int)] {
        detector.classes.enumerated().map { index, name in
            (name, classes.values.count { $0 == index })
        }.filter { $0.count > 0 }
    }
}
