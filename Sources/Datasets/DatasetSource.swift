/// Location of a data set and options for reading it.
public struct DatasetSource: Hashable, Sendable {
    /// Supported formats.
    public enum Format: String, Hashable, Sendable, CaseIterable {
        /// One JSON file in the Microsoft COCO format (`instances_val.json`).
        case coco
        /// One Pascal VOC XML file per image.
        case voc
        /// One YOLO text file per image: class, center and size as shares of the image's sides.
        case yolo
        /// One folder of images per class, for classification; never detected from a path.
        case folders
    }

    /// Path of a file or folder; ``AnnotatedSet/init(_:)`` lists the recognized forms.
    public var path: String
    /// Format of the set; nil to detect it from the path.
    public var format: Format?
    /// Split of a set that defines several, such as `train` and `val`; nil for the first of ``preferredSplits``.
    public var split: String?
    /// Splits of a `data.yaml`, in order of preference.
    public var preferredSplits = ["train", "val", "test"]
    /// Classes in the order of their indices, for YOLO sets without a `data.yaml`; empty otherwise.
    public var names: [String] = []
    /// New names of classes, or another use of their objects.
    public var renamed: [String: ClassUse] = [:]
    /// Classes, by their new names, that occur in the images but are not annotated.
    public var unlabelled: [String] = []
    /// Sampling weight of the set's images in training, relative to those of other sets.
    public var weight: Double = 1

    /// Creates a source from a path, with default options.
    public init(_ path: String) { self.path = path }

    /// Creates a source from a command-line argument: a path, or `data.yaml:val` for one split.
    public init(argument: String) {
        self.init(argument)
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count > 1, let last = parts.last, !last.isEmpty, !last.contains("/"),
            !PlainFile.exists(argument)
        else { return }
        path = String(argument.dropLast(last.count + 1))
        split = String(last)
    }

    /// Returns the splits of a `data.yaml` without a selected split as one source each, otherwise the source itself.
    ///
    /// - Throws: A ``DatasetError`` if a `data.yaml` cannot be read.
    public func parts() throws(DatasetError) -> [DatasetSource] {
        let isYAML = ["yaml", "yml"].contains(Files.ending(of: path))
        guard split == nil, isYAML else { return [self] }
        return try YOLOLayout.splits(of: path).map { name in
            var part = self
            part.split = name
            return part
        }
    }
}

/// Use of a class's objects.
public enum ClassUse: Hashable, Sendable {
    /// They are objects of the class of this name.
    case named(String)
    /// They are ignored: neither object nor background.
    case ignored
    /// They are background.
    case background

    /// Parses a use as a recipe writes it: `ignore`, `background`, or the name of a class.
    public init(_ text: String) {
        switch text {
        case "ignore": self = .ignored
        case "background": self = .background
        default: self = .named(text)
        }
    }
}
