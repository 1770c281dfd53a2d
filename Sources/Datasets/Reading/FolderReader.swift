internal import Scene

/// Reader of classification sets: one folder of images per class, or a folder with Tiny-ImageNet's list of labels.
///
/// The class of an image is the subfolder of the set that contains it, at any depth (`car/1.png`, `car/images/1.png`).
/// A folder with a `val_annotations.txt` has its images in `images`; a line of the list holds a name, a class, and
/// numbers that are not read. An image has one annotation, which covers it.
struct FolderReader {
    /// Name of Tiny-ImageNet's list of labels.
    private static let list = "val_annotations.txt"
    private let folder: String

    /// Reads a set.
    ///
    /// - Throws: A ``DatasetError`` if the folder has no images in subfolders, or with the line of a wrong list.
    static func read(_ source: DatasetSource) throws(DatasetError) -> AnnotatedSet {
        let path = source.split.map { "\(source.path)/\($0)" } ?? source.path
        guard PlainFile.exists(path) else {
            throw DatasetError(.notFound, "Reading \(path): no such folder.")
        }
        let reader = FolderReader(folder: path)
        let isListed = PlainFile.exists("\(path)/\(list)")
        let labels = try isListed ? reader.listed() : reader.found()
        guard !labels.isEmpty else {
            throw DatasetError(
                .wrong,
                "\(path) contains no classes: it needs a folder of images for each, or a \(list)."
            )
        }
        return AnnotatedSet(name: path, labels)
    }

    /// Images of a list.
    private func listed() throws(DatasetError) -> [(path: String, label: String)] {
        let list = "\(folder)/\(Self.list)"
        var labels: [(path: String, label: String)] = []
        for (index, line) in try PlainFile.text(of: list).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        ).enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.isEmpty { continue }
            guard words.count > 1, PlainFile.objection(toName: String(words[0])) == nil else {
                throw DatasetError(
                    .wrong, "\(list):\(index + 1): the line must begin with a name and a class.")
            }
            labels.append(("\(folder)/images/\(words[0])", String(words[1])))
        }
        return labels
    }

    /// Images of the subfolders, sorted by path; those beside the subfolders have no class.
    private func found() -> [(path: String, label: String)] {
        Files.pictures(under: folder).compactMap { path in
            let parts = path.dropFirst(folder.count).split(separator: "/")
            return parts.count > 1 ? (path, String(parts[0])) : nil
        }
    }
}

extension AnnotatedSet {
    /// Creates a set of labelled images; classes are sorted by name.
    fileprivate init(name: String, _ labels: [(path: String, label: String)]) {
        let classes = Set(labels.map(\.label)).sorted()
        let places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
        let pictures = labels.map { label in
            AnnotatedPicture(
                path: label.path, isRelative: true,
                annotations: [Annotation(label: places[label.label] ?? 0)])
        }
        self.init(name: name, classes: classes, pictures: pictures)
    }

    /// Returns the images labelled with some classes, numbered in their order.
    ///
    /// - Throws: A ``DatasetError`` if a class has no image.
    public func labelled(_ names: [String]) throws(DatasetError) -> AnnotatedSet {
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        var counts = [Int](repeating: 0, count: names.count)
        var set = self
        set.classes = names
        set.pictures = pictures.compactMap { picture in
            guard let old = picture.annotations.first?.classIndex,
                let index = places[classes[old]]
            else { return nil }
            counts[index] += 1
            var picture = picture
            picture.annotations = [Annotation(label: index)]
            return picture
        }
        guard let missing = counts.firstIndex(of: 0) else { return set }
        throw DatasetError(.wrong, "\(name) has no images of \"\(names[missing])\".")
    }
}

extension Annotation {
    /// A label of a whole image, as shares of its sides.
    fileprivate init(label: Int) {
        self.init(classIndex: label, box: Box(x: 0, y: 0, width: 1, height: 1))
    }
}
