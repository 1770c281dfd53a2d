import ArgumentParser
import EventStore
import Foundation
import Live
import Pipeline

/// `thunderline events`: searches an event store without a server.
struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Searches the objects of an event store.",
        discussion: """
            Reads the store of `live --store`, also while it is written, and prints the newest objects first.
            Times are of this machine's zone, or of --tz.

            Examples:
              thunderline events events/ --class person --after 2d
              thunderline events events/ --zone driveway --between 22:00-06:00 --tz Europe/Berlin
              thunderline events events/ --line stop --direction in --json --limit 1000
            """)

    @Argument(help: "Folder of the store.", completion: .directory)
    var folder: String
    @Option(help: "Cameras, separated by commas.")
    var camera: String?
    @Option(name: .customLong("class"), help: "Classes, separated by commas.")
    var className: String?
    @Option(help: "A zone that the objects entered.")
    var zone: String?
    @Option(help: "A line that the objects crossed.")
    var line: String?
    @Option(help: "Direction of their crossings.")
    var direction: String?
    @Option(help: "First time: 2026-11-30, 2026-11-30T12:00, or an age such as 2d.")
    var after: String?
    @Option(help: "End of the times.")
    var before: String?
    @Option(help: "Time of day, such as 22:00-06:00.")
    var between: String?
    @Option(help: "Time zone, such as Europe/Berlin; this machine's by default.")
    var tz: String?
    @Option(help: "Lowest score.")
    var minScore: String?
    @Option(help: "Shortest stay in a zone in seconds.")
    var minDwell: String?
    @Flag(help: "Objects with a star only.")
    var starred = false
    @Option(help: "Objects printed at most.")
    var limit = 50
    @Flag(help: "Print one JSON object a line.")
    var json = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1.") }
        guard zone == nil || line == nil else {
            throw ValidationError("Search for a zone or a line, not both.")
        }
    }

    func run() throws {
        do throws(StoreError) {
            var query = try ObjectQuery(texts)
            let reader = try StoreReader(StoreFolder(folder))
            let table = ObjectTable(query.timeZone)
            if !json { say(table.head) }
            var left = limit
            repeat {
                query.limit = min(left, ObjectQuery.mostRows)
                let page = try reader.objects(query)
                for object in page.rows {
                    json ? sayJSON(object.json.text) : say(table.row(object))
                }
                left -= page.rows.count
                query.cursor = page.next
            } while query.cursor != nil && left > 0
        } catch {
            throw failure(Self.reason(error.kind), error.message)
        }
    }

    private var texts: [String: String] {
        [
            "camera": camera, "class": className, "zone": zone, "line": line,
            "direction": direction, "after": after, "before": before, "between": between,
            "tz": tz, "min-score": minScore, "min-dwell": minDwell,
            "starred": starred ? "yes" : nil,
        ].compactMapValues { $0 }
    }

    private static func reason(_ kind: StoreError.Kind) -> ExitReason {
        switch kind {
        case .missing: .notFound
        case .query: .usage
        case .damaged: .damaged
        default: .notReadable
        }
    }
}

/// Lines of objects for people, in columns.
struct ObjectTable {
    private let formatter = DateFormatter()
    private static let widths = [20, 16, 12, 7, 6, 9]

    /// A table with times of a zone.
    init(_ zone: TimeZone) {
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = zone
        formatter.dateFormat = "yyyy-MM-dd HH:mm:ss"
    }

    /// Names of the columns.
    var head: String {
        Self.line(["begin", "camera", "class", "id", "score", "seconds", "places, note"])
    }

    /// Line of an object; a star stands before the places.
    func row(_ object: StoredObject) -> String {
        let seconds = object.end.map { String(format: "%.1f", Double($0 - object.begin) / 1000) }
        let words =
            [object.isStarred ? "*" : ""] + object.places
            + [object.note.isEmpty ? "" : "\"\(object.note)\""]
        return Self.line([
            formatter.string(
                from: Date(timeIntervalSince1970: Double(object.begin) / 1000)),
            object.camera, object.className, String(object.track),
            String(format: "%.2f", object.score), seconds ?? "–",
            words.filter { !$0.isEmpty }.joined(separator: " "),
        ])
    }

    private static func line(_ cells: [String]) -> String {
        let padded = zip(cells, widths + [0]).map { cell, width in
            cell.count < width
                ? cell + String(repeating: " ", count: width - cell.count)
                : cell + (width == 0 ? "" : " ")
        }
        return String(padded.joined().reversed().drop { $0 == " " }.reversed())
    }
}
