package import Analytics
internal import Scene

/// CSV text of counts and of crossings.
package struct CountsText: Sendable {
    /// First line of a file of counts.
    package static let countsHeader =
        "start,end,source,kind,name,direction,class,count,dwell_mean,dwell_max,inside_max\n"
    /// First line of a file of crossings.
    package static let crossingsHeader =
        "time,frame,source,line,direction,id,class,x,y,vx,vy,bearing\n"

    private let zones: [Zone]
    private let lines: [Line]
    private let classNames: [String]

    /// Names of zones, lines and classes.
    package init(_ places: ScenePlaces, classNames: [String]) {
        (zones, lines) = (places.zones, places.lines)
        self.classNames = classNames
    }

    /// Line of an interval; `time` writes a time in seconds of the source.
    package func line(
        _ row: CountTable.Row, source: String, time: (Double) -> String
    ) -> String {
        let seconds = { (value: Double?) in value.map { DecimalText.text($0, decimals: 3) } ?? "" }
        let subject: [String] =
            switch row.subject {
            case .zone(let zone): ["zone", zones[zone].name, ""]
            case .line(let line, let direction):
                ["line", lines[line].name, lines[line].name(of: direction)]
            }
        let fields =
            [time(row.start), time(row.end), CSVLine.quoted(source)] + subject + [
                CSVLine.quoted(classNames[row.classIndex]), String(row.count),
                seconds(row.meanDwell), seconds(row.longestDwell),
                row.mostInside.map { String($0) } ?? "",
            ]
        return fields.joined(separator: ",") + "\n"
    }

    /// Line of a crossing at a time, with the class that counts; cameras have no numbers of frames.
    ///
    /// The bearing is in degrees clockwise from the picture's upper edge, 0 to 360.
    package func line(
        _ event: ObjectEvent, classIndex: Int, time: String, frame: Int?, source: String
    ) -> String {
        guard let crossing = event.crossing else { return "" }
        let line = lines[crossing.line]
        let fields =
            [
                time, frame.map { String($0) } ?? "", CSVLine.quoted(source), line.name,
                line.name(of: crossing.direction), String(event.object.id),
                CSVLine.quoted(classNames[classIndex]),
            ]
            + [
                crossing.x, crossing.y, crossing.velocityX, crossing.velocityY, crossing.bearing,
            ].map { DecimalText.text($0, decimals: 2) }
        return fields.joined(separator: ",") + "\n"
    }

    /// Summary of a line: `stopline: 12 northbound (9 car, 3 truck), 9 southbound (9 car); 1 jump ignored`.
    package func summary(
        _ events: SceneEvents, line index: Int, _ totals: [CountTable.Subject: [Int: Int]]
    ) -> String {
        let line = lines[index]
        let counts = Direction.allCases.map { direction in
            let classes = (totals[.line(index, direction)] ?? [:])
                .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            let names = classes.map { "\($0.value) \(classNames[$0.key])" }
            return "\(events.totals[index][direction]) \(line.name(of: direction))"
                + (names.isEmpty ? "" : " (\(names.joined(separator: ", ")))")
        }
        let jumps = events.totals[index].jumps
        return "\(line.name): \(counts.joined(separator: ", "))"
            + (jumps > 0 ? "; \(jumps) \(jumps == 1 ? "jump" : "jumps") ignored" : "")
    }
}
