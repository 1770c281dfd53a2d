public import Foundation

extension ObjectQuery {
    /// Names of the texts that make a query.
    public static let keys = [
        "camera", "class", "zone", "line", "direction", "after", "before", "between", "tz",
        "min-score", "min-dwell", "starred", "reviewed", "limit", "cursor",
    ]

    /// Makes a query of texts by name, as an address or a command line gives them.
    ///
    /// - Parameters:
    ///   - texts: Values by one of ``keys``; `camera` and `class` may hold several, separated by commas.
    ///   - now: Time from which ages such as `2d` count.
    /// - Throws: A ``StoreError`` that names the wrong text.
    public init(_ texts: [String: String], now: Date = Date()) throws(StoreError) {
        self.init()
        if let name = texts["tz"] {
            guard let zone = TimeZone(identifier: name) else {
                throw Self.error("tz", name, "a time zone such as Europe/Berlin")
            }
            timeZone = zone
        }
        for (key, text) in texts where !text.isEmpty && key != "tz" {
            try set(key, text, now)
        }
    }

    private mutating func set(_ key: String, _ text: String, _ now: Date) throws(StoreError) {
        switch key {
        case "camera": cameras = Self.names(text)
        case "class": classes = Self.names(text)
        case "zone", "line": place = text
        case "direction": direction = text
        case "after": after = try time(key, text, now)
        case "before": before = try time(key, text, now)
        default: try setOther(key, text)
        }
    }

    private mutating func setOther(_ key: String, _ text: String) throws(StoreError) {
        switch key {
        case "between":
            dayTime = try Self.value(key, DayTime(text), text, "times of day such as 22:00-06:00")
        case "min-score": minimumScore = try Self.number(key, text)
        case "min-dwell": minimumDwell = try Self.number(key, text)
        case "starred": isStarred = try Self.truth(key, text)
        case "reviewed": isReviewed = try Self.truth(key, text)
        case "limit":
            let count = Int(text).flatMap { (1...Self.mostRows).contains($0) ? $0 : nil }
            limit = try Self.value(key, count, text, "a number from 1 to \(Self.mostRows)")
        case "cursor":
            cursor = try Self.value(key, Cursor(text), text, "the cursor of a page before")
        default:
            throw StoreError(
                .query, "\(key) is no filter: use \(Self.keys.joined(separator: ", ")).")
        }
    }

    private static func names(_ text: String) -> [String] {
        text.split(separator: ",").prefix(64).map(String.init)
    }

    private static func number(_ key: String, _ text: String) throws(StoreError) -> Double {
        let number = Double(text).flatMap { $0.isFinite ? $0 : nil }
        return try value(key, number, text, "a number")
    }

    private static func truth(_ key: String, _ text: String) throws(StoreError) -> Bool {
        let known = ["1": true, "true": true, "yes": true, "0": false, "false": false, "no": false]
        return try value(key, known[text], text, "yes or no")
    }

    private static func value<Value>(
        _ key: String, _ value: Value?, _ text: String, _ wanted: String
    ) throws(StoreError) -> Value {
        guard let value else { throw error(key, text, wanted) }
        return value
    }

    private static func error(_ key: String, _ text: String, _ wanted: String) -> StoreError {
        StoreError(.query, "\(key) must be \(wanted), not \"\(text.prefix(64))\".")
    }

    /// Milliseconds since 1970 of a time, or of an age before now.
    private func time(_ key: String, _ text: String, _ now: Date) throws(StoreError) -> Int {
        let found = Self.milliseconds(text) ?? age(text, now) ?? date(text)
        return try Self.value(
            key, found, text,
            "a time such as 2026-11-30T12:00:00Z, 2026-11-30, or an age such as 2d")
    }

    private static func milliseconds(_ text: String) -> Int? {
        text.count >= 9 && text.count <= 15 ? Int(text) : nil
    }

    private func age(_ text: String, _ now: Date) -> Int? {
        let units = ["s": 1.0, "m": 60, "h": 3600, "d": 86400]
        guard let unit = text.last.flatMap({ units[String($0)] }),
            let count = Double(text.dropLast()), count >= 0, count < 1e6
        else { return nil }
        return Int((now.timeIntervalSince1970 - count * unit) * 1000)
    }

    /// Times by ISO 8601; without a zone they are of the query's.
    private func date(_ text: String) -> Int? {
        let text = text.replacingOccurrences(of: " ", with: "T")
        let forms = ["yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd"]
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = timeZone
        let exact = [true, false].lazy.compactMap {
            try? Date.ISO8601FormatStyle(includingFractionalSeconds: $0).parse(text)
        }.first
        let found =
            exact
            ?? forms.lazy.compactMap { form -> Date? in
                formatter.dateFormat = form
                return formatter.date(from: text)
            }.first
        return found.map { Int(($0.timeIntervalSince1970 * 1000).rounded()) }
    }
}
