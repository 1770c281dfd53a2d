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

extension TrainingRecipe {
    /// Reads sets of the recipe and converts them to its classes.
    ///
    /// - Throws: A `DatasetError` with file and position, or a `ModelError` if the description cannot be read.
    public func read(_ sets: [SetDescription]) throws -> [AnnotatedSet] {
        let classes = try network().classes
        return classification == nil
            ? try sets.read(classes: classes) : try sets.map { try $0.labelled(classes: classes) }
    }
}

extension SetDescription {
    /// Reads a set of one folder per class.
    ///
    /// - Parameter classes: Classes whose images are kept; nil for all.
    /// - Returns: The set.
    /// - Throws: A `DatasetError` with file and position.
    public func labelled(classes: [String]? = nil) throws(DatasetError) -> AnnotatedSet {
        var source = source
        source.format = .folders
        let set = try AnnotatedSet(source)
        guard let classes else { return set }
        return try set.labelled(classes)
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
