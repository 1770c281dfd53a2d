public import Scene

/// What is known of one picture of a batch, in pixels of the network's input.
public struct TrainingExample: Hashable, Sendable {
    /// Where the objects are.
    public var boxes: [Box]
    /// The class of each.
    public var labels: [Int]
    /// Regions in which nothing is judged, such as crowds.
    public var ignored: [Box]
    /// Classes that the picture's set does not label: an object of them is neither right nor wrong.
    public var unlabelled: [Int]

    /// An example by its parts.
    public init(boxes: [Box], labels: [Int], ignored: [Box] = [], unlabelled: [Int] = []) {
        precondition(boxes.count == labels.count, "a label for every box")
        self.boxes = boxes
        self.labels = labels
        self.ignored = ignored
        self.unlabelled = unlabelled
    }
}

/// Pictures of one size and what is known of each.
public struct TrainingBatch: Sendable {
    /// Width of every picture in pixels.
    public var width: Int
    /// Height of every picture in pixels.
    public var height: Int
    /// Normalised numbers, three a pixel, row after row, picture after picture (NHWC).
    public var pixels: [Float]
    /// What is known of each picture.
    public var examples: [TrainingExample]

    /// A batch by its parts.
    public init(width: Int, height: Int, pixels: [Float], examples: [TrainingExample]) {
        precondition(
            pixels.count == 3 * width * height * examples.count, "three numbers for every pixel")
        self.width = width
        self.height = height
        self.pixels = pixels
        self.examples = examples
    }
}
