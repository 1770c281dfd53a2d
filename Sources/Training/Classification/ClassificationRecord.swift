/// Figures of one evaluation of a classifier.
public struct ClassificationRecord: Hashable, Sendable, Codable {
    /// Figures of one class.
    public struct ClassFigures: Hashable, Sendable, Codable {
        /// Name of the class.
        public var name: String
        /// Number of images.
        public var images = 0
        /// Number of images whose greatest output is this class.
        public var correct = 0
        /// Numbers of images by the wrong class with the greatest output.
        public var mistaken: [String: Int] = [:]
    }

    /// Epochs before the evaluation.
    public var epoch = 0.0
    /// Number of evaluated images.
    public private(set) var images = 0
    /// Number of images whose class has the greatest output.
    public private(set) var first = 0
    /// Number of images whose class is among the five greatest outputs.
    public private(set) var amongFive = 0
    /// Figures of each class.
    public private(set) var classes: [ClassFigures]

    /// Creates an empty record.
    public init(classes: [String]) {
        self.classes = classes.map { ClassFigures(name: $0) }
    }

    /// Share of images whose class has the greatest output, 0 to 1.
    public var top1: Double { Double(first) / Double(max(1, images)) }
    /// Share of images whose class is among the five greatest outputs, 0 to 1.
    public var top5: Double { Double(amongFive) / Double(max(1, images)) }

    /// Adds an image by its label and its outputs; equal outputs count against the label.
    public mutating func add(label: Int, _ outputs: ArraySlice<Float>) {
        let own = outputs[outputs.startIndex + label]
        let better = outputs.count { $0 >= own || $0.isNaN } - (own.isNaN ? 0 : 1)
        images += 1
        classes[label].images += 1
        if better == 0 {
            first += 1
            classes[label].correct += 1
        } else if let best = outputs.indices.max(by: { outputs[$0] < outputs[$1] }) {
            let name = classes[best - outputs.startIndex].name
            classes[label].mistaken[name, default: 0] += 1
        }
        if better < 5 { amongFive += 1 }
    }
}
