extension AnnotatedSet {
    /// Reads a data set and applies its source's class names, unlabelled classes and weight.
    ///
    /// If the source gives no format, the path decides: a `.json` file (COCO), a `.yaml` file (YOLO), an `.xml` file
    /// (VOC), a `.txt` list (VOC below `ImageSets`, else YOLO), or a folder with `Annotations` or XML files (VOC), with
    /// one JSON file of annotations (COCO), or with images and their labels (YOLO).
    ///
    /// - Throws: A ``DatasetError`` that names the file and the position in it.
    public init(_ source: DatasetSource) throws(DatasetError) {
        let format: DatasetSource.Format
        if let named = source.format {
            format = named
        } else {
            format = try Self.recognize(source.path)
        }
        let read: AnnotatedSet =
            switch format {
            case .coco: try COCOReader.read(try Self.jsonFile(source.path))
            case .voc: try VOCReader.read(source)
            case .yolo: try YOLOReader.read(source)
            case .folders: try FolderReader.read(source)
            }
        self = try read.prepared(by: source)
    }

    /// Reads the data set at a path, without changes.
    ///
    /// - Throws: A ``DatasetError`` that names the file and the position in it.
    public init(path: String) throws(DatasetError) { try self.init(DatasetSource(path)) }

    /// Detects the format of a file or folder.
    static func recognize(_ path: String) throws(DatasetError) -> DatasetSource.Format {
        guard PlainFile.exists(path) else {
            throw DatasetError(.notFound, "Reading \(path): no such file or folder.")
        }
        guard PlainFile.isFolder(path) else { return try recognizeFile(path) }
        let names = Files.names(in: path)
        if names.contains("Annotations") || names.contains(where: { Files.ending(of: $0) == "xml" })
        {
            return .voc
        }
        if names.contains("labels") || names.contains("images") { return .yolo }
        if names.count(where: { Files.ending(of: $0) == "json" }) == 1 { return .coco }
        if !Files.pictures(under: path).isEmpty { return .yolo }
        throw DatasetError(
            .wrong,
            "\(path) contains no data set: no JSON file (COCO), no Annotations (VOC), no images and labels (YOLO)."
        )
    }

    private static func recognizeFile(_ path: String) throws(DatasetError) -> DatasetSource.Format {
        switch Files.ending(of: path) {
        case "json": return .coco
        case "yaml", "yml": return .yolo
        case "xml": return .voc
        case "txt": return path.contains("ImageSets/") ? .voc : .yolo
        default: break
        }
        try PlainFile.check(path)
        throw DatasetError(
            .wrong,
            "\(path) is not a data set: its name must end in .json (COCO), .yaml (YOLO) or .xml (VOC)."
        )
    }

    /// The only JSON file of a folder, or the path itself if it is a file.
    private static func jsonFile(_ path: String) throws(DatasetError) -> String {
        guard PlainFile.isFolder(path) else { return path }
        let names = Files.names(in: path).filter { Files.ending(of: $0) == "json" }
        guard let name = names.first, names.count == 1 else {
            throw DatasetError(
                .wrong, "\(path) contains \(names.count) JSON files. Give the path of one of them.")
        }
        return "\(path)/\(name)"
    }

    /// Returns the set with the source's class names, weight and unlabelled classes applied.
    private func prepared(by source: DatasetSource) throws(DatasetError) -> AnnotatedSet {
        try checkClassNames()
        var set = try renamed(source.renamed)
        guard source.weight.isFinite, source.weight > 0 else {
            throw DatasetError(.wrong, "\(name): its weight must be a number above 0.")
        }
        set.weight = source.weight
        for name in source.unlabelled {
            if let index = set.classes.firstIndex(of: name) {
                set.unlabelled.insert(index)
            } else {
                set.unlabelled.insert(set.classes.count)
                set.classes.append(name)
            }
        }
        return set
    }

    /// Class names go into models, tables and messages, so they are one line of printable text.
    private func checkClassNames() throws(DatasetError) {
        guard let wrong = classes.first(where: PlainFile.hasControlCharacter) else { return }
        let shown = wrong.unicodeScalars.map { $0.escaped(asASCII: true) }.joined()
        throw DatasetError(
            .wrong,
            "\(name): the class name \"\(shown)\" contains a control character. Rename the class."
        )
    }
}
