internal import Foundation
internal import Scene

/// Reader of Microsoft COCO data sets: one JSON object with `images`, `categories` and `annotations`.
///
/// Format: https://cocodataset.org/#format-data. Boxes are x, y, width and height in pixels.
struct COCOReader {
    private struct Image: Decodable {
        let id: Int
        let fileName: String
        let width: Double?
        let height: Double?

        private enum CodingKeys: String, CodingKey {
            case id, width, height
            case fileName = "file_name"
        }
    }

    private struct Category: Decodable {
        let id: Int
        let name: String
    }

    private struct Entry: Decodable {
        let id: Int?
        let image: Int
        let category: Int
        let box: [Double]
        let area: Double?
        let isCrowd: Truth?
        let ignore: Truth?

        private enum CodingKeys: String, CodingKey {
            case id, area, ignore
            case image = "image_id"
            case category = "category_id"
            case box = "bbox"
            case isCrowd = "iscrowd"
        }
    }

    /// A Boolean written as 0, 1, false or true; tools use all of them.
    private struct Truth: Decodable {
        let value: Bool

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let truth = try? container.decode(Bool.self) {
                value = truth
            } else {
                value = try container.decode(Double.self) != 0
            }
        }
    }

    private struct Root: Decodable {
        let images: [Image]
        let categories: [Category]
        let annotations: [Entry]
    }

    private let path: String
    private var notices: [DatasetNotice] = []

    /// Reads a set.
    ///
    /// - Throws: A ``DatasetError`` that names the file and the entry.
    static func read(_ path: String) throws(DatasetError) -> AnnotatedSet {
        var reader = COCOReader(path: path)
        return try reader.read()
    }

    private init(path: String) { self.path = path }

    private mutating func read() throws(DatasetError) -> AnnotatedSet {
        let root = try decoded()
        guard !root.images.isEmpty else {
            throw DatasetError(.wrong, "\(path) lists no images.")
        }
        // Images are sorted by id, because this order breaks ties between equal scores in the reference tools.
        let images = root.images.sorted { $0.id < $1.id }
        var pictures: [AnnotatedPicture] = []
        for image in images { pictures.append(try picture(of: image)) }
        let places = Dictionary(
            images.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        let classes = Dictionary(
            root.categories.enumerated().map { ($1.id, $0) },
            uniquingKeysWith: { first, _ in first })
        guard places.count == images.count, classes.count == root.categories.count else {
            throw DatasetError(.wrong, "\(path) gives two images or two categories the same id.")
        }
        var seen: Set<Int> = []
        for (index, entry) in root.annotations.enumerated() {
            guard let place = places[entry.image], let classIndex = classes[entry.category] else {
                throw DatasetError(
                    .wrong,
                    "\(path): annotation \(index) refers to an image or category that does not exist."
                )
            }
            if let id = entry.id, !seen.insert(id).inserted {
                note(index, "the id \(id) is used twice; both annotations are kept.")
            }
            pictures[place].annotations.append(try annotation(entry, index, classIndex))
        }
        return AnnotatedSet(
            name: path, classes: root.categories.map(\.name), pictures: pictures, notices: notices)
    }

    private mutating func note(_ index: Int, _ text: String) {
        notices.append(DatasetNotice("\(path): annotation \(index)", text))
    }

    private func picture(of image: Image) throws(DatasetError) -> AnnotatedPicture {
        if let objection = PlainFile.objection(toName: image.fileName) {
            throw DatasetError(
                .wrong,
                "\(path): the file_name of image \(image.id) \(objection). Give the path of a plain file."
            )
        }
        var extent: PictureExtent?
        if let width = image.width.flatMap({ Int(exactly: $0) }),
            let height = image.height.flatMap({ Int(exactly: $0) }), width > 0, height > 0
        {
            extent = PictureExtent(width: width, height: height)
        }
        return AnnotatedPicture(
            path: PlainFile.path(of: image.fileName, in: Files.folder(of: path)), extent: extent)
    }

    private func annotation(
        _ entry: Entry, _ index: Int, _ classIndex: Int
    ) throws(DatasetError) -> Annotation {
        let box = entry.box.map { Float($0) }
        guard box.count == 4, box.allSatisfy(\.isFinite) else {
            throw DatasetError(
                .wrong, "\(path): annotation \(index) has no box of four finite numbers.")
        }
        return Annotation(
            classIndex: classIndex,
            box: Box(x: box[0], y: box[1], width: box[2], height: box[3]), area: entry.area,
            isIgnored: entry.isCrowd?.value == true || entry.ignore?.value == true)
    }

    private func decoded() throws(DatasetError) -> Root {
        let data = try PlainFile.bytes(of: path)
        do {
            return try JSONDecoder().decode(Root.self, from: data)
        } catch let error as DecodingError {
            throw DatasetError(
                .wrong, "\(path) is not a COCO data set: \(Self.describe(error, data))")
        } catch {
            throw DatasetError(.wrong, "\(path) is not a COCO data set: \(error).")
        }
    }

    private static func describe(_ error: DecodingError, _ data: Data) -> String {
        func place(_ context: DecodingError.Context) -> String {
            context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
                .joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context):
            return "\"\(key.stringValue)\" is missing at \"\(place(context))\"."
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "\"\(place(context))\" has the wrong form."
        case .dataCorrupted(let context):
            return "it is not valid JSON (\(problem(in: data) ?? context.debugDescription))."
        @unknown default:
            return "\(error)"
        }
    }

    /// First position of a JSON syntax error; JSONSerialization reports it, JSONDecoder does not.
    private static func problem(in data: Data) -> String? {
        do {
            _ = try JSONSerialization.jsonObject(with: data)
            return nil
        } catch {
            let text = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String
            guard let match = text?.firstMatch(of: /around character (\d+)/),
                let place = Int(match.output.1)
            else { return text }
            let lines = data.prefix(place).split(separator: 10, omittingEmptySubsequences: false)
            return "line \(lines.count), column \((lines.last?.count ?? 0) + 1)"
        }
    }
}
