import Scene

/// Parsers of settings' texts.
public enum SettingText {
    static func flag(_ text: String) throws(SettingError) -> Bool {
        switch text.lowercased() {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default: throw SettingError(message: "must be true or false, not \"\(text)\"")
        }
    }

    /// Limit of time spans: a year, in seconds, which a clock in nanoseconds can count.
    static let longestTime = 366.0 * 86400

    /// Seconds of a time span: `90`, `90s`, `1m30s`, `2h`, `7d`, `1:30`, `0:01:30.5`; a year at most.
    ///
    /// - Throws: A ``SettingError`` for any other text.
    public static func seconds(_ text: String) throws(SettingError) -> Double {
        let value = text.contains(":") ? clockSeconds(text) : unitSeconds(text)
        guard let value, (0...longestTime).contains(value) else {
            throw SettingError(
                message: "must be a time such as 90, 90s, 1m30s or 1:30, not \"\(text)\"")
        }
        return value
    }

    /// A parser of time spans within a range of seconds.
    static func seconds(
        in range: ClosedRange<Double>
    ) -> @Sendable (String) throws(SettingError) -> Double {
        { (text) throws(SettingError) in
            let value = try seconds(text)
            guard range.contains(value) else {
                throw SettingError(
                    message:
                        "must be from \(span(range.lowerBound)) to \(span(range.upperBound)), not \"\(text)\""
                )
            }
            return value
        }
    }

    /// A time span in its largest whole unit.
    private static func span(_ seconds: Double) -> String {
        for (unit, size) in [("d", 86400.0), ("h", 3600), ("m", 60)]
        where seconds >= size && seconds.truncatingRemainder(dividingBy: size) == 0 {
            return plain(seconds / size) + unit
        }
        return plain(seconds) + "s"
    }

    private static func clockSeconds(_ text: String) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count) else { return nil }
        var total = 0.0
        for (index, part) in parts.enumerated() {
            guard let value = Double(part), value >= 0, index == 0 || value < 60 else { return nil }
            total = total * 60 + value
        }
        return total
    }

    private static let unitSizes: [Character: Double] = ["d": 86400, "h": 3600, "m": 60]

    private static func unitSeconds(_ text: String) -> Double? {
        if let plain = Double(text) { return plain }
        var total = 0.0
        var digits = ""
        var units = "dhms"[...]
        for character in text {
            if character.isNumber || character == "." {
                digits.append(character)
                continue
            }
            guard let place = units.firstIndex(of: character), let value = Double(digits) else {
                return nil
            }
            total += value * (unitSizes[character] ?? 1)
            units = units[units.index(after: place)...]
            digits = ""
        }
        return digits.isEmpty && !text.isEmpty ? total : nil
    }

    static func size(_ text: String) throws(SettingError) -> PictureSize {
        let sides = text.lowercased().split(separator: "x", omittingEmptySubsequences: false)
        let parts = sides.compactMap { Int($0) }
        guard sides.count == 2, parts.count == 2,
            parts.allSatisfy({ $0 > 0 && $0 <= 4096 && $0 % 32 == 0 })
        else {
            throw SettingError(
                message:
                    "must be WIDTHxHEIGHT in multiples of 32, such as 320x320, not \"\(text)\"")
        }
        return PictureSize(width: parts[0], height: parts[1])
    }

    static func bitrate(_ text: String) throws(SettingError) -> Int {
        guard let bits = whole(text, scales: ["k": 1e3, "m": 1e6], most: 1e10) else {
            throw SettingError(
                message: "must be bits per second such as 2500k or 2.5M, not \"\(text)\"")
        }
        return bits
    }

    static func bytes(_ text: String) throws(SettingError) -> Int {
        let scales: [Character: Double] = ["k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12]
        guard let bytes = whole(text, scales: scales, most: 1e18) else {
            throw SettingError(message: "must be a size such as 500M or 20G, not \"\(text)\"")
        }
        return bytes
    }

    /// A number with an optional letter of its scale, rounded to a whole one; nil below 1 and above `most`.
    private static func whole(
        _ text: String, scales: [Character: Double], most: Double
    ) -> Int? {
        let scale = text.last.flatMap { scales[Character($0.lowercased())] }
        let digits = scale == nil ? text : String(text.dropLast())
        guard let number = Double(digits), (1...most).contains(number * (scale ?? 1)) else {
            return nil
        }
        return Int((number * (scale ?? 1)).rounded())
    }

    static func rectangle(_ text: String) throws(SettingError) -> FractionRectangle {
        let parts = commas(text).map { Double($0) }
        guard parts.count == 4, case let numbers = parts.compactMap({ $0 }), numbers.count == 4,
            numbers.allSatisfy({ $0 >= 0 && $0 <= 1 })
        else {
            throw SettingError(
                message: "must be X,Y,WIDTH,HEIGHT in fractions from 0 to 1, not \"\(text)\"")
        }
        return FractionRectangle(
            x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    }

    /// A rectangle, or three points and more of a polygon.
    static func region(_ text: String) throws(SettingError) -> IgnoredRegion {
        guard text.split(separator: " ").count > 1 && !text.contains(", ")
        else { return .rectangle(try rectangle(text)) }
        return .polygon(try SettingFormat<[FramePoint]>.points(in: 3...64).read(text))
    }

    static func commas(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// A number, without a fraction where it is whole.
    static func plain(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }
}

extension SettingFormat<PictureSize> {
    /// `WIDTHxHEIGHT`, both multiples of 32.
    static var size: Self {
        Self(form: .size, read: SettingText.size, write: { $0.description })
    }
}

extension SettingFormat<Int> {
    /// Bits per second, with an optional `k` or `M`.
    static var bitrate: Self {
        Self(form: .bitrate, read: SettingText.bitrate, write: { String($0) })
    }

    /// Bytes, with an optional `k`, `M`, `G` or `T`.
    static var bytes: Self { Self(form: .bytes, read: SettingText.bytes, write: { String($0) }) }
}

extension SettingFormat<VideoStreamChoice> {
    /// A number from 1, or `all`.
    static var videoStream: Self {
        Self(
            form: .videoStream,
            read: { (text) throws(SettingError) in
                if text == "all" { return .all }
                if text == "auto" { return .automatic }
                guard let number = Int(text), (1...1000).contains(number) else {
                    throw SettingError(
                        message: "must be a number from 1, all or auto, not \"\(text)\"")
                }
                return .number(number)
            },
            write: { choice in
                switch choice {
                case .automatic: "auto"
                case .number(let number): String(number)
                case .all: "all"
                }
            })
    }
}
