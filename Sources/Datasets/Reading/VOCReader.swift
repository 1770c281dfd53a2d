internal import Foundation
internal import Scene

/// Data sets after Pascal VOC: an XML file a picture.
///
/// Format: Everingham et al., "The PASCAL Visual Object Classes Challenge 2007 Development Kit". Corners are taken as
/// continuous coordinates, without VOC's extra pixel, as the common converters do. `difficult` objects are ignored.
struct VOCReader {
    private let source: DatasetSource
    private var names: [String]
    private var places: [String: Int] = [:]

    /// Reads a folder of XML files, a list of `ImageSets`, or one XML file.
    ///
    /// Classes come in the order of `source.names`, or sorted where that is empty.
    ///
    /// - Throws: A ``DatasetError`` that names file and line.
    static func read(_ source: DatasetSource) throws(DatasetError) -> AnnotatedSet {
        let paths = try annotations(of: source)
        guard !paths.isEmpty else {
            throw DatasetError(.wrong, "\(source.path) holds no XML files of annotations.")
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

    /// Paths of the XML files that a source means.
    private static func annotations(of source: DatasetSource) throws(DatasetError) -> [String] {
        let path = source.path
        switch Files.ending(of: path) {
        case "xml": return [path]
        case "txt": return try listed(path)
        default: break
        }
        guard PlainFile.isFolder(path) else {
            throw DatasetError(.notFound, "Reading \(path): there is no such folder.")
        }
        if let split = source.split { return try listed("\(path)/ImageSets/Main/\(split).txt") }
        let inner = "\(path)/Annotations"
        let folder = PlainFile.isFolder(inner) ? inner : path
        return Files.names(in: folder).filter { Files.ending(of: $0) == "xml" }
            .map { "\(folder)/\($0)" }
    }

    /// The XML files of a list of `ImageSets/Main`: one name a line, perhaps followed by -1, 0 or 1.
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
    /// - Throws: A ``DatasetError`` that names file and line.
    init(_ path: String) throws(DatasetError) {
        self.path = path
        let events = VOCEvents()
        // Foundation's parser ends the program at names that are not UTF-8, so nothing else reaches it.
        if let problem = events.parse(Data(try PlainFile.text(of: path).utf8)) {
            throw DatasetError(.wrong, "\(path):\(problem.line): \(problem.text)")
        }
        fileName = events.fileName
        if events.width > 0 && events.height > 0 {
            extent = PictureExtent(width: events.width, height: events.height)
        }
        objects = events.objects
    }

    /// The picture with its objects; `places` numbers the classes.
    func picture(_ places: [String: Int]) throws(DatasetError) -> AnnotatedPicture {
        var picture = AnnotatedPicture(path: try picturePath(), extent: extent)
        for object in objects {
            guard let classIndex = places[object.name] else {
                throw DatasetError(
                    .wrong,
                    "\(path):\(object.line): the class \"\(object.name)\" is not among those that are named."
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

    /// The picture that is meant: by its name in the usual folders, or beside the file under the same stem.
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
