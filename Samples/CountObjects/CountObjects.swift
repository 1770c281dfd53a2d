import Scene
import ThunderNet
import Video

/// `count-objects VIDEO`: how many different objects of each class a recording shows.
///
/// Shows how to read a video, find objects in each picture, and keep their identities.
@main
enum CountObjects {
    static func main() throws {
        guard CommandLine.arguments.count == 2 else { return print("usage: count-objects VIDEO") }
        var counter = try Counter()
        var reader = try VideoReader(CommandLine.arguments[1])
        // A recording is a row of pictures and of packets of its other streams; we want the pictures.
        while let item = try reader.next() {
            guard case .frame(let frame) = consume item else { continue }
            counter.look(at: frame)
        }
        for (name, count) in counter.counts { print("\(count)\t\(name)") }
    }
}

/// A detector, a tracker, and what they have seen.
struct Counter: ~Copyable {
    private var detector: Detector
    private var tracker: Tracker
    private var detections: [Detection] = []
    /// The class of every identity; an object may be called otherwise later, and the last word counts.
    private var classes: [Int: Int] = [:]

    /// Loads the model that comes with the library.
    init() throws {
        detector = try Detector(model: ModelCatalog().model())
        // A van may look like a car now and like a truck later: one identity all the same.
        let vehicles: Set = ["car", "bus", "truck"]
        let group = detector.classes.enumerated().filter { vehicles.contains($0.element) }.map(
            \.offset)
        var options = TrackerOptions()
        options.classGroups = [group]
        tracker = Tracker(options: options)
    }

    /// Finds the objects of one picture and connects them with those of the pictures before.
    mutating func look(at frame: borrowing Frame) {
        // The picture is scaled and turned into the network's colours in one pass over its planes.
        frame.withPicture { detector.load($0) }
        detector.detectLoaded(into: &detections)
        tracker.update(
            detections, at: frame.timestamp.seconds, pictureWidth: frame.width,
            pictureHeight: frame.height)
        for object in tracker.objects { classes[object.id] = object.classIndex }
    }

    /// What the last picture shows.
    var objects: [TrackedObject] { tracker.objects }

    /// Names of classes and how many identities each has, in the model's order.
    var counts: [(name: String, count: Int)] {
        detector.classes.enumerated().map { index, name in
            (name, classes.values.count { $0 == index })
        }.filter { $0.count > 0 }
    }
}
