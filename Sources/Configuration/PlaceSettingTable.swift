import Analytics
import Scene

/// Settings of a single zone.
enum ZoneSettingTable {
    static let all: [Setting<ZoneDescription>] = [
        .one(key: "name", option: nil, \.name, .name, "Its name: letters, digits, - and _."),
        .one(
            key: "points", option: nil, \.points, .points(in: 3...64),
            "Corners in order, X,Y in fractions of the frame."),
        .optional(
            key: "label", option: nil, \.label, .text, "Text that is drawn; the name by default."),
        .list(
            key: "classes", option: nil, \.classes, separatedByCommas: true,
            "Classes that count; all detected classes by default."),
        .one(
            key: "anchor", option: nil, \.anchor, .choice,
            "Point of an object's box that is inside or outside."),
        .one(
            key: "enter-after", option: nil, \.enterAfter, .seconds(in: 0...3600),
            "Time for which an object is seen inside before it enters."),
        .one(
            key: "leave-after", option: nil, \.leaveAfter, .seconds(in: 0...3600),
            "Time for which an object is seen outside before it leaves."),
        .one(
            key: "loiter", option: nil, \.loiter, .secondsByClass,
            "Time of a visit that makes it a loiter, for all classes or by class; none by default."),
        .optional(
            key: "loiter-standing", option: nil, \.loiterStanding, .names,
            "Classes whose standing objects loiter too; person by default."),
        .optional(
            key: "crowd", option: nil, \.crowd, .integer(in: 2...1000),
            "Number of objects inside that is a crowd; none by default."),
    ]
}

/// Settings of a single line.
enum LineSettingTable {
    static let all: [Setting<LineDescription>] = [
        .one(key: "name", option: nil, \.name, .name, "Its name: letters, digits, - and _."),
        .one(
            key: "points", option: nil, \.points, .points(in: 2...16),
            "Points in order, X,Y in fractions of the frame."),
        .optional(
            key: "label", option: nil, \.label, .text, "Text that is drawn; the name by default."),
        .one(
            key: "names", option: nil, \.names, .directionNames,
            "Names of the directions: in is from right to left of the walk along the line."),
        .list(
            key: "classes", option: nil, \.classes, separatedByCommas: true,
            "Classes that count; all detected classes by default."),
        .one(
            key: "anchor", option: nil, \.anchor, .choice, "Point of an object's box that crosses."),
        .one(
            key: "band", option: nil, \.band, .number(in: 0...1),
            "Distance at which an object is settled on a side, as a fraction of its shorter side."),
    ]
}

extension SettingFormat<[String]> {
    /// Several names, separated by commas; none for an empty text.
    fileprivate static var names: Self {
        Self(
            form: .list(separatedByCommas: true),
            read: { (text) throws(SettingError) in
                text.isEmpty || text == "none" ? [] : SettingText.commas(text)
            },
            write: { $0.isEmpty ? "none" : $0.joined(separator: ",") })
    }
}

extension SettingFormat<[FramePoint]> {
    /// Different points of the frame: `0.1,0.5 0.9,0.5`; a polygon from three on, which must not cross itself.
    static func points(in count: ClosedRange<Int>) -> Self {
        Self(
            form: .points,
            read: { (text) throws(SettingError) in
                let points = try SettingText.points(text)
                guard count.contains(points.count) else {
                    throw SettingError(
                        message:
                            "must be \(count.lowerBound) to \(count.upperBound) points, not \(points.count)"
                    )
                }
                let isClosed = count.lowerBound > 2
                let next = points.dropFirst() + (isClosed ? points.prefix(1) : [])
                guard zip(points, next).allSatisfy({ $0 != $1 }) else {
                    throw SettingError(message: "has the same point twice in a row")
                }
                guard !points.meetsItself(isClosed: isClosed) else {
                    throw SettingError(message: "crosses itself: give its points in order")
                }
                return points
            }, write: SettingText.plain)
    }
}

extension SettingFormat<ByClass> {
    /// Time spans: `10s`, `person:15s,car:3s`, or both.
    static var secondsByClass: Self { byClass(.seconds()) }

    /// Fractions: `0.02`, `person:0.1,car:0.05`, or both.
    static var fractionsByClass: Self { byClass(.number(in: 0...1)) }

    private static func byClass(_ format: SettingFormat<Double>) -> Self {
        Self(
            form: .pairs,
            read: { (text) throws(SettingError) in
                var values = ByClass()
                for part in SettingText.commas(text) where part != "none" {
                    guard let separator = part.lastIndex(of: ":"), Double(part) == nil else {
                        values.others = try format.read(part)
                        continue
                    }
                    let value = part[part.index(after: separator)...]
                    values.classes[String(part[..<separator])] = try format.read(String(value))
                }
                return values
            },
            write: { values in
                let named = values.classes.sorted { $0.key < $1.key }
                    .map { "\($0.key):\(format.write($0.value))" }
                let parts = (values.others.map { [format.write($0)] } ?? []) + named
                return parts.isEmpty ? "none" : parts.joined(separator: ",")
            })
    }
}

extension SettingFormat<[Direction: String]> {
    /// Names of directions: `in:northbound,out:southbound`.
    fileprivate static var directionNames: Self {
        Self(
            form: .pairs,
            read: { (text) throws(SettingError) in
                var names: [Direction: String] = [:]
                for part in SettingText.commas(text) {
                    let words = part.split(separator: ":", maxSplits: 1).map(String.init)
                    guard words.count == 2, let direction = Direction(rawValue: words[0]),
                        CameraDescription.isName(words[1])
                    else {
                        throw SettingError(
                            message:
                                "must be names such as in:northbound,out:southbound, not \"\(text)\""
                        )
                    }
                    names[direction] = words[1]
                }
                guard Set(names.values).count == names.count else {
                    throw SettingError(message: "has one name for both directions")
                }
                return names
            },
            write: { names in
                Direction.allCases.compactMap { direction in
                    names[direction].map { "\(direction.rawValue):\($0)" }
                }.joined(separator: ",")
            })
    }
}

extension SettingText {
    /// Points of the frame: `0.1,0.5 0.9,0.5`.
    static func points(_ text: String) throws(SettingError) -> [FramePoint] {
        var points: [FramePoint] = []
        for pair in text.split(separator: " ") {
            let numbers = pair.split(separator: ",", omittingEmptySubsequences: false)
                .compactMap { Double($0) }
            guard numbers.count == 2, numbers.allSatisfy({ (0...1).contains($0) }) else {
                throw SettingError(
                    message: "must be points X,Y in fractions from 0 to 1, not \"\(pair)\"")
            }
            points.append(FramePoint(x: numbers[0], y: numbers[1]))
        }
        return points
    }

    static func plain(_ points: [FramePoint]) -> String {
        points.map { "\(plain($0.x)),\(plain($0.y))" }.joined(separator: " ")
    }
}
