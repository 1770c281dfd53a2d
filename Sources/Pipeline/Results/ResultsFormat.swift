internal import Configuration
internal import Scene

/// Formats of results files.
public enum ResultsFormat: String, Sendable, CaseIterable {
    /// One JSON object per frame.
    case ndjson = ".ndjson"
    /// One line per object.
    case csv = ".csv"
    /// MOTChallenge results: one line per object, frames from 1, no class.
    case mot = ".mot.txt"
    /// One COCO data set with scores and track identities.
    case coco = ".coco.json"

    /// The format of a path's extension; NDJSON for `-`, nil for an unknown extension.
    public init?(path: String) {
        if path == "-" {
            self = .ndjson
            return
        }
        let lower = path.lowercased()
        guard let format = Self.allCases.first(where: { lower.hasSuffix($0.rawValue) }) else {
            return nil
        }
        self = format
    }

    /// A new writer of this format.
    func makeText(_ names: ResultNames) -> any ResultsText {
        switch self {
        case .ndjson: NDJSONText(names: names)
        case .csv: CSVText(names: names)
        case .mot: MOTText()
        case .coco: COCOText(names: names)
        }
    }
}

/// Names that results use for indices.
struct ResultNames: Sendable {
    /// Names of the model's classes.
    var classes: [String]
    /// Names of the zones; empty without any, and then results have no field of zones.
    var zones: [String]

    /// Names of the zones that hold an object.
    func zones(of object: TrackedObject) -> [String] {
        zones.indices.filter { object.zones >> UInt64($0) & 1 == 1 }.map { zones[$0] }
    }

    /// Fields of an object's zones and rest, each with a comma before it, in JSON.
    func fields(of object: TrackedObject) -> String {
        let names = zones(of: object).map(JSONText.quoted).joined(separator: ",")
        return (zones.isEmpty ? "" : ",\"zones\":[\(names)]")
            + (object.isStanding ? ",\"standing\":true" : "")
    }
}

/// Writer of one format's text; it holds only what the end of the file needs.
protocol ResultsText: Sendable {
    /// Text before the first frame.
    mutating func header() -> String
    /// Text of one frame of this size.
    mutating func text(_ frame: FrameResult, _ picture: PictureSize) -> String
    /// Text after the last frame.
    mutating func footer() -> String
}

/// One JSON object per frame; the page on results describes its fields.
struct NDJSONText: ResultsText {
    let names: ResultNames

    func header() -> String { "" }
    func footer() -> String { "" }

    func text(_ frame: FrameResult, _ picture: PictureSize) -> String {
        let objects = frame.objects.map(object).joined(separator: ",")
        let damaged = frame.isDamaged ? ",\"damaged\":true" : ""
        return
            "{\"source\":\(JSONText.quoted(frame.source)),\"frame\":\(frame.frame),\"pts\":\(frame.pts),\"time\":\(DecimalText.seconds(frame.time)),\"fate\":\"\(frame.fate.rawValue)\"\(damaged),\"objects\":[\(objects)]}\n"
    }

    private func object(_ object: TrackedObject) -> String {
        let box = [object.box.x, object.box.y, object.box.width, object.box.height]
            .map(DecimalText.pixels).joined(separator: ",")
        let name = JSONText.quoted(names.classes[object.classIndex])
        return
            "{\"class\":\(name),\"score\":\(DecimalText.score(object.score)),\"id\":\(object.id),\"box\":[\(box)],\"predicted\":\(object.isPredicted)\(names.fields(of: object))}"
    }
}

/// One line per object, below a line of column names.
struct CSVText: ResultsText {
    let names: ResultNames

    func header() -> String {
        "source,frame,pts,time,fate,class,score,id,x,y,width,height,predicted"
            + (names.zones.isEmpty ? "\n" : ",zones\n")
    }
    func footer() -> String { "" }

    func text(_ frame: FrameResult, _ picture: PictureSize) -> String {
        frame.objects.map { object in
            let fields = [
                CSVLine.quoted(frame.source), String(frame.frame), String(frame.pts),
                DecimalText.seconds(frame.time), frame.fate.rawValue,
                CSVLine.quoted(names.classes[object.classIndex]), DecimalText.score(object.score),
                String(object.id), DecimalText.pixels(object.box.x),
                DecimalText.pixels(object.box.y), DecimalText.pixels(object.box.width),
                DecimalText.pixels(object.box.height), String(object.isPredicted),
            ]
            let zones = names.zones(of: object).joined(separator: " ")
            return (fields + (names.zones.isEmpty ? [] : [zones])).joined(separator: ",") + "\n"
        }.joined()
    }
}

/// Fields of CSV lines.
enum CSVLine {
    /// RFC 4180: text with a comma, a quote or a line break is put in quotes.
    static func quoted(_ text: String) -> String {
        guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
        return "\""
            + text.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }
}

/// MOTChallenge results: frame, id, left, top, width, height, score, and three unused columns.
struct MOTText: ResultsText {
    func header() -> String { "" }
    func footer() -> String { "" }

    func text(_ frame: FrameResult, _ picture: PictureSize) -> String {
        frame.objects.map { object in
            let box = [object.box.x, object.box.y, object.box.width, object.box.height]
                .map(DecimalText.pixels).joined(separator: ",")
            let score = DecimalText.score(object.score)
            return "\(frame.frame + 1),\(object.id),\(box),\(score),-1,-1,-1\n"
        }.joined()
    }
}

/// A COCO data set: annotations are streamed, images are kept as a few numbers each.
struct COCOText: ResultsText {
    private struct Image {
        let source: Int
        let frame: Int
        let pts: Int64
        let time: Double
        let picture: PictureSize
    }

    let names: ResultNames
    private var images: [Image] = []
    private var sources: [String] = []
    private var annotations = 0

    init(names: ResultNames) { self.names = names }

    func header() -> String {
        let categories = names.classes.enumerated().map { index, name in
            "{\"id\":\(index + 1),\"name\":\(JSONText.quoted(name))}"
        }
        return "{\"categories\":[\(categories.joined(separator: ","))],\n\"annotations\":["
    }

    mutating func text(_ frame: FrameResult, _ picture: PictureSize) -> String {
        if sources.last != frame.source { sources.append(frame.source) }
        images.append(
            Image(
                source: sources.count - 1, frame: frame.frame, pts: frame.pts, time: frame.time,
                picture: picture))
        var text = ""
        for object in frame.objects {
            text += annotations == 0 ? "\n" : ",\n"
            annotations += 1
            text += annotation(object)
        }
        return text
    }

    private func annotation(_ object: TrackedObject) -> String {
        let box = [object.box.x, object.box.y, object.box.width, object.box.height]
            .map(DecimalText.pixels).joined(separator: ",")
        return
            "{\"id\":\(annotations),\"image_id\":\(images.count),\"category_id\":\(object.classIndex + 1),\"bbox\":[\(box)],\"area\":\(DecimalText.pixels(object.box.area)),\"iscrowd\":0,\"score\":\(DecimalText.score(object.score)),\"track_id\":\(object.id),\"predicted\":\(object.isPredicted)\(names.fields(of: object))}"
    }

    func footer() -> String {
        let lines = images.enumerated().map { index, image in
            "{\"id\":\(index + 1),\"file_name\":\(JSONText.quoted(sources[image.source])),\"width\":\(image.picture.width),\"height\":\(image.picture.height),\"frame\":\(image.frame),\"pts\":\(image.pts),\"time\":\(DecimalText.seconds(image.time))}"
        }
        return "],\n\"images\":[\n" + lines.joined(separator: ",\n") + "]}\n"
    }
}
