public import Configuration
public import Datasets

extension SetDescription {
    /// Data set source of the description.
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
    /// Reads the sets and converts them to a model's classes.
    ///
    /// - Throws: A `DatasetError` with file and position.
    public func read(classes: [String]) throws(DatasetError) -> [AnnotatedSet] {
        var sets: [AnnotatedSet] = []
        for set in self { sets.append(try AnnotatedSet(set.source).adopting(classes)) }
        return sets
    }
}
