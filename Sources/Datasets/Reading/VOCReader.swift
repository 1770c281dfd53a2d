internal import Foundation
internal import Scene

/// Reader of Pascal VOC data sets: one XML file per image.
///
/// Format: Everingham et al., "The PASCAL Visual Object Classes Challenge 2007 Development Kit". Corners are read as
/// continuous coordinates, without VOC's offset of one pixel, as in common converters. `difficult` objects are ignored.
struct VOCReader {
    private let source: DatasetSource
    private var names: [String]
    private var places: [String: Int] = [:]

    /// Reads a folder of XML files, a list of `ImageSets`, or one XML file.
    ///
    /// Classes have the order of `source.names`, or are sorted if that is empty.
    ///
    /// - Throws: A ``DatasetError`` with file and line.
    static func read(_ source: DatasetSource) throws(DatasetError) -> AnnotatedSet {
        let paths = try annotations(of: source)
        guard !paths.isEmpty else {
            throw DatasetError(.wrong, "\(source.path) contains no XML files with annotations.")
        }
        var documents: [VOCDocument] = []
        for path in paths { documents.append(try VOCDocument(path)) }
        let found = Set(documents.flatMap { $0.objects.map(\.name) })
        let classes = source.names.isEmpty ? found.sorted() : source.names
        let places = Dictionary(
            classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var set = AnnotatedSet(name: source.path, classes: classes)
        for document in documents {
            set.pictures.append(try document.picture(places))
        }
        return set
    }

    /// Paths of the XML files that a source refers to.
    private static func annotations(of source: DatasetSource) throws(DatasetError) -> [String] {
        let path = source.path
        switch Files.ending(of: path) {
        case "xml": return [path]
        case "txt": return try listed(path)
        default: break
        }
        guard PlainFile.isFolder(path) else {
            throw DatasetError(.notFound, "Reading \(path): no such folder.")
        }
        if let split = source.split { return try listed("\(path)/ImageSets/Main/\(split).txt") }
        let inner = "\(path)/Annotations"
        let folder = PlainFile.isFolder(inner) ? inner : path
        return Files.names(in: folder).filter { Files.ending(of: $0) == "xml" }
            .map { "\(folder)/\($0)" }
    }

    /// XML files of a list in `ImageSets/Main`: one name per line, optionally followed by -1, 0 or 1.
    private static func listed(_ path: String) throws(DatasetError) -> [String] {
        let root = Files.folder(of: Files.folder(of: Files.folder(of: path)))
        let folder = root.isEmpty ? "Annotations" : "\(root)/Annotations"
        return try PlainFile.text(of: path).split(whereSeparator: \.isNewline).compactMap { line in
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let name = words.first, words.count == 1 || words.last != "-1" else { return nil }
            return "\(folder)/\(name).xml"
        }
    }
}

/// One XML file of Pascal VOC.
struct VOCDocument {
    /// One `object`.
    struct Object: Hashable {
        var name = ""
        var isIgnored = false
        /// xmin, ymin, xmax, ymax.
        var corners: [Float?] = [nil, nil, nil, nil]
        var line = 0
    }

    let path: String
    private(set) var fileName = ""
    private(set) var extent: PictureExtent?
    private(set) var objects: [Object] = []

    /// Reads a file.
    ///
    /// - Throws: A ``DatasetError`` with file and line.
    init(_ path: String) throws(DatasetError) {
        self.path = path
        let events = VOCEvents()
        // Foundation's parser crashes on names that are not UTF-8, so the text is validated first.
        if let problem = events.parse(Data(try PlainFile.text(of: path).utf8)) {
            throw DatasetError(.wrong, "\(path):\(problem.line): \(problem.text)")
        }
        fileName = events.fileName
        if events.width > 0 && events.height > 0 {
            extent = PictureExtent(width: events.width, height: events.height)
        }
        objects = events.objects
    }

    /// The image with its objects; `places` maps class names to indices.
    func picture(_ places: [String: Int]) throws(DatasetError) -> AnnotatedPicture {
        var picture = AnnotatedPicture(path: try picturePath(), extent: extent)
        for object in objects {
            guard let classIndex = places[object.name] else {
                throw DatasetError(
                    .wrong,
                    "\(path):\(object.line): the class \"\(object.name)\" is not in the list of class names."
                )
            }
            let corners = object.corners.compactMap { $0 }
            guard corners.count == 4, corners.allSatisfy(\.isFinite) else {
                throw DatasetError(
                    .wrong, "\(path):\(object.line): the object has no box of four finite numbers.")
            }
            picture.annotations.append(
                Annotation(
                    classIndex: classIndex,
                    box: Box(
                        left: corners[0], top: corners[1], right: corners[2], bottom: corners[3]),
                    isIgnored: object.isIgnored))
        }
        return picture
    }

    /// Path of the annotated image: its name in the usual folders, or a file with the same stem next to the XML file.
    private func picturePath() throws(DatasetError) -> String {
        let folder = Files.folder(of: path)
        let above = Files.name(of: folder) == "Annotations" ? Files.folder(of: folder) : folder
        let folders = [
            PlainFile.path(of: "JPEGImages", in: above), PlainFile.path(of: "images", in: above),
            folder.isEmpty ? "." : folder,
        ]
        if !fileName.isEmpty {
            if let objection = PlainFile.objection(toName: fileName) {
                throw DatasetError(.wrong, "\(path): the filename \(objection).")
            }
            let places = folders.map { PlainFile.path(of: fileName, in: $0) }
            if let place = places.first(where: PlainFile.exists) { return place }
        }
        let stem = Files.withoutEnding(Files.name(of: path))
        for folder in folders {
            for ending in ["jpg", "jpeg", "png", "webp", "bmp"] {
                let place = "\(folder)/\(stem).\(ending)"
                if PlainFile.exists(place) { return place }
            }
        }
        return PlainFile.path(of: fileName.isEmpty ? "\(stem).jpg" : fileName, in: folders[0])
    }
}
