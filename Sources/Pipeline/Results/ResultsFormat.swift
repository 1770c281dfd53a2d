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

    /// Adds an object's zones, and that it stands.
    func addZones(of object: TrackedObject, to json: inout JSONObject) {
        if !zones.isEmpty { json.add("zones", array: zones(of: object).map(JSONText.quoted)) }
        if object.isStanding { json.add("standing", true) }
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
        let line = JSONObject { line in
            line.add("source", frame.source)
            line.add("frame", frame.frame)
            line.add("pts", frame.pts)
            line.addRaw("time", DecimalText.seconds(frame.time))
            line.add("fate", frame.fate.rawValue)
            if frame.isDamaged { line.add("damaged", true) }
            line.add("objects", array: frame.objects.map { object($0).text })
        }
        return line.text + "\n"
    }

    private func object(_ object: TrackedObject) -> JSONObject {
        JSONObject {
            $0.add("class", names.classes[object.classIndex])
            $0.addRaw("score", DecimalText.score(object.score))
            $0.add("id", object.id)
            $0.add("box", array: DecimalText.box(object.box))
            $0.add("predicted", object.isPredicted)
            names.addZones(of: object, to: &$0)
        }
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
            let box = DecimalText.box(object.box).joined(separator: ",")
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
            JSONObject {
                $0.add("id", index + 1)
                $0.add("name", name)
            }.text
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
        JSONObject {
            $0.add("id", annotations)
            $0.add("image_id", images.count)
            $0.add("category_id", object.classIndex + 1)
            $0.add("bbox", array: DecimalText.box(object.box))
            $0.addRaw("area", DecimalText.pixels(object.box.area))
            $0.add("iscrowd", 0)
            $0.addRaw("score", DecimalText.score(object.score))
            $0.add("track_id", object.id)
            $0.add("predicted", object.isPredicted)
            names.addZones(of: object, to: &$0)
        }.text
    }

    func footer() -> String {
        let lines = images.enumerated().map { text(of: $1, number: $0 + 1) }
        return "],\n\"images\":[\n" + lines.joined(separator: ",\n") + "]}\n"
    }

    private func text(of image: Image, number: Int) -> String {
        JSONObject {
            $0.add("id", number)
            $0.add("file_name", sources[image.source])
            $0.add("width", image.picture.width)
            $0.add("height", image.picture.height)
            $0.add("frame", image.frame)
            $0.add("pts", image.pts)
            $0.addRaw("time", DecimalText.seconds(image.time))
        }.text
    }
}
