public import Datasets

/// A data set as a recipe names it.
public struct RecipeSet: Hashable, Sendable, Codable {
    /// A file or folder.
    public var path: String
    /// `coco`, `voc` or `yolo`; nil to tell by the path.
    public var format: String?
    /// The part of a set that names several.
    public var split: String?
    /// Names of classes, for YOLO sets without a list of their own.
    public var names: [String]
    /// New names of classes, `ignore` or `background`.
    public var renamed: [String: String]
    /// Classes that the pictures show but the set does not annotate.
    public var unlabelled: [String]
    /// How often its pictures are drawn, relative to those of other sets.
    public var weight: Double

    /// A set by its path.
    public init(_ path: String) {
        self.path = path
        (names, renamed, unlabelled, weight) = ([], [:], [], 1)
    }

    /// The set as it is read.
    public var source: DatasetSource {
        var source = DatasetSource(path)
        source.format = format.flatMap { DatasetSource.Format(rawValue: $0) }
        source.split = split
        source.names = names
        source.renamed = renamed.mapValues { ClassUse($0) }
        source.unlabelled = unlabelled
        source.weight = weight
        return source
    }
}

extension [RecipeSet] {
    /// Reads the sets with the classes of a model.
    ///
    /// - Throws: A `DatasetError` that names file and place.
    public func read(classes: [String]) throws(DatasetError) -> [AnnotatedSet] {
        var sets: [AnnotatedSet] = []
        for set in self { sets.append(try AnnotatedSet(set.source).adopting(classes)) }
        return sets
    }
}
