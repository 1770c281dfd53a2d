/// A data set by its place, and how it is to be read.
public struct DatasetSource: Hashable, Sendable {
    /// The formats that are read.
    public enum Format: String, Hashable, Sendable, CaseIterable {
        /// One JSON file after Microsoft COCO (`instances_val.json`).
        case coco
        /// One XML file a picture after Pascal VOC.
        case voc
        /// One text file a picture after YOLO: class, centre and size as shares of the picture's sides.
        case yolo
    }

    /// A file or folder; see ``AnnotatedSet/init(_:)`` for what is recognised.
    public var path: String
    /// The format; nil to tell by the path.
    public var format: Format?
    /// The part of a set that names several, such as `train` and `val`; nil for the first of ``preferredSplits``.
    public var split: String?
    /// The parts of a `data.yaml` in the order in which they are looked for.
    public var preferredSplits = ["train", "val", "test"]
    /// The classes in the order of their numbers, for YOLO sets without a `data.yaml`; empty otherwise.
    public var names: [String] = []
    /// New names of classes, or what else is done with their objects.
    public var renamed: [String: ClassUse] = [:]
    /// Classes, by their new names, that the pictures show but the set does not annotate.
    public var unlabelled: [String] = []
    /// Sampling weight of its images in training, relative to those of other sets.
    public var weight: Double = 1

    /// A set by its path; everything else can be set afterwards.
    public init(_ path: String) { self.path = path }

    /// A set as it is written on a command line: a path, or `data.yaml:val` for a part of it.
    public init(argument: String) {
        self.init(argument)
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count > 1, let last = parts.last, !last.isEmpty, !last.contains("/"),
            !PlainFile.exists(argument)
        else { return }
        path = String(argument.dropLast(last.count + 1))
        split = String(last)
    }

    /// The set's parts, each as a source of its own: those of a `data.yaml` that names no single one, else the set.
    ///
    /// - Throws: A ``DatasetError`` where a `data.yaml` cannot be read.
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

/// The use that is made of a class's objects.
public enum ClassUse: Hashable, Sendable {
    /// They count as objects of the class of this name.
    case named(String)
    /// Their places are ignored: neither object nor background.
    case ignored
    /// They count as background.
    case background

    /// A use as it is written in a recipe: `ignore`, `background`, or the name of a class.
    public init(_ text: String) {
        switch text {
        case "ignore": self = .ignored
        case "background": self = .background
        default: self = .named(text)
        }
    }
}
