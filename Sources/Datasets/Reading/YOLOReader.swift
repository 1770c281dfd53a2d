internal import Foundation
internal import Scene

/// Reader of YOLO data sets: one text file per image, one line per object.
///
/// A line contains class, center x, center y, width and height, the last four as shares of the image's sides; a sixth
/// number (a score) is ignored. A line with a class and three or more points is a polygon and is converted to its
/// bounding box. An image without a text file, or with an empty one, has no objects.
struct YOLOReader {
    private let classCount: Int
    private var notices: [DatasetNotice] = []

    /// Reads a set from a `data.yaml`, a list of images, or a folder of images.
    ///
    /// - Throws: A ``DatasetError`` with file and line.
    static func read(_ source: DatasetSource) throws(DatasetError) -> AnnotatedSet {
        let (paths, names) = try YOLOLayout(source).pictures()
        var reader = YOLOReader(classCount: names.count)
        var pictures: [AnnotatedPicture] = []
        for path in paths { pictures.append(try reader.picture(path)) }
        return AnnotatedSet(
            name: source.split.map { "\(source.path):\($0)" } ?? source.path, classes: names,
            pictures: pictures, notices: reader.notices)
    }

    private init(classCount: Int) { self.classCount = classCount }

    /// Path of an image's labels: extension replaced, and the last folder named `images` replaced by `labels`.
    static func labels(of picture: String) -> String {
        var parts = picture.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if let place = parts.dropLast().lastIndex(of: "images") { parts[place] = "labels" }
        return Files.withoutEnding(parts.joined(separator: "/")) + ".txt"
    }

    private mutating func picture(_ path: String) throws(DatasetError) -> AnnotatedPicture {
        let labels = Self.labels(of: path)
        guard PlainFile.exists(labels) else {
            notices.append(
                DatasetNotice(path, "has no \(labels): read as an image without objects."))
            return AnnotatedPicture(path: path, isRelative: true)
        }
        let text = try PlainFile.text(of: labels)
        var annotations: [Annotation] = []
        for (index, line) in text.split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        ).enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.isEmpty { continue }
            annotations.append(try annotation(words, at: "\(labels):\(index + 1)"))
        }
        return AnnotatedPicture(path: path, isRelative: true, annotations: annotations)
    }

    private mutating func annotation(
        _ words: [Substring], at place: String
    ) throws(DatasetError) -> Annotation {
        let numbers = words.compactMap { Float($0) }
        guard numbers.count == words.count, numbers.allSatisfy(\.isFinite) else {
            throw DatasetError(.wrong, "\(place): the line must contain finite numbers only.")
        }
        guard let classIndex = Int(exactly: numbers[0]), classIndex >= 0, classIndex < classCount
        else {
            throw DatasetError(
                .wrong,
                "\(place): class \(words[0]) does not exist; there are \(classCount) (0 to \(classCount - 1))."
            )
        }
        let box: Box
        switch numbers.count {
        case 5, 6:
            box = Box(
                x: numbers[1] - numbers[3] / 2, y: numbers[2] - numbers[4] / 2, width: numbers[3],
                height: numbers[4])
        case let count where count >= 7 && count % 2 == 1: box = Self.bounds(of: numbers)
        default:
            throw DatasetError(
                .wrong,
                "\(place): \(numbers.count) numbers; a box needs five, a polygon a class and three or more pairs."
            )
        }
        if box.x < -0.01 || box.y < -0.01 || box.right > 1.01 || box.bottom > 1.01 {
            notices.append(
                DatasetNotice(
                    place,
                    "the box extends beyond the image; are the numbers pixels instead of shares?"))
        }
        return Annotation(classIndex: classIndex, box: box)
    }

    /// Bounding box of a polygon given as a class, then alternating x and y.
    private static func bounds(of numbers: [Float]) -> Box {
        let across = stride(from: 1, to: numbers.count, by: 2).map { numbers[$0] }
        let down = stride(from: 2, to: numbers.count, by: 2).map { numbers[$0] }
        return Box(
            left: across.min() ?? 0, top: down.min() ?? 0, right: across.max() ?? 0,
            bottom: down.max() ?? 0)
    }
}
