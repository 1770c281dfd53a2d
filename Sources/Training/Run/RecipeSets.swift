public import Configuration
public import Datasets

extension SetDescription {
    /// The source that readers take.
    public var source: DatasetSource {
        var source = DatasetSource(argument: path)
        source.names = names
        source.renamed = renamed.mapValues { ClassUse($0) }
        source.unlabelled = unlabelled
        source.weight = weight
        return source
    }
}

extension [SetDescription] {
    /// Reads the sets with the classes of a model.
    ///
    /// - Throws: A `DatasetError` that names file and place.
    public func read(classes: [String]) throws(DatasetError) -> [AnnotatedSet] {
        var sets: [AnnotatedSet] = []
        for set in self { sets.append(try AnnotatedSet(set.source).adopting(classes)) }
        return sets
    }
}
