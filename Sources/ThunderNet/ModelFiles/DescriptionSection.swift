import Tensors

/// Reader of one object of a model description: returns checked values, and refuses unknown keys.
struct DescriptionSection {
    private let path: String
    private let members: [String: JSONValue]
    private var known: [String] = []

    /// Creates a reader of an object at a dotted path, which is empty for the whole description.
    init(_ value: JSONValue, path: String = "") throws(ModelError) {
        guard case .object(let members) = value else {
            throw Self.wrong(path, "is \(value.kind), not an object")
        }
        self.path = path
        self.members = members
    }

    /// Reads a nested section.
    ///
    /// A missing one reads as empty.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - old: A deprecated spelling of the key, read where `key` is missing.
    ///   - read: Reads the members.
    /// - Returns: The result of `read`.
    /// - Throws: `ModelError` for a wrong member.
    mutating func section<Result>(
        _ key: String, deprecated old: String? = nil,
        _ read: (inout DescriptionSection) throws(ModelError) -> Result
    ) throws(ModelError) -> Result {
        var key = key
        if let old, !has(key), has(old) { key = old }
        var inner = try DescriptionSection(value(key) ?? .object([:]), path: full(key))
        let result = try read(&inner)
        try inner.finish()
        return result
    }

    /// Refuses keys that were not read.
    func finish() throws(ModelError) {
        guard let unknown = members.keys.filter({ !known.contains($0) }).sorted().first else {
            return
        }
        throw ModelError(
            .unsupported, problem: "its description has an unknown key \(full(unknown))",
            advice: "Known here: \(known.joined(separator: ", ")).")
    }

    /// True when the key exists.
    func has(_ key: String) -> Bool { members[key] != nil }

    mutating func string(_ key: String, default fallback: String? = nil) throws(ModelError)
        -> String
    {
        guard let value = try value(key, needed: fallback == nil) else { return fallback ?? "" }
        guard case .string(let text) = value else { throw wrong(key, value, "a string") }
        return text
    }

    mutating func flag(_ key: String, default fallback: Bool) throws(ModelError) -> Bool {
        guard let value = value(key) else { return fallback }
        guard case .boolean(let flag) = value else { throw wrong(key, value, "true or false") }
        return flag
    }

    mutating func whole(
        _ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil
    ) throws(ModelError) -> Int {
        guard let value = try value(key, needed: fallback == nil) else { return fallback ?? 0 }
        guard case .number(let number) = value, let whole = Int(exactly: number),
            range.contains(whole)
        else {
            throw wrong(
                key, value, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return whole
    }

    mutating func whole(
        _ key: String, of choices: [Int], default fallback: Int
    ) throws(ModelError) -> Int {
        guard let value = value(key) else { return fallback }
        guard case .number(let number) = value, let whole = Int(exactly: number),
            choices.contains(whole)
        else {
            throw wrong(key, value, choices.map { "\($0)" }.joined(separator: " or "))
        }
        return whole
    }

    mutating func number(
        _ key: String, in range: ClosedRange<Float>, default fallback: Float
    ) throws(ModelError) -> Float {
        guard let value = value(key) else { return fallback }
        return try number(value, key, range)
    }

    mutating func numbers(
        _ key: String, in range: ClosedRange<Float>, count: ClosedRange<Int>,
        default fallback: [Float]
    ) throws(ModelError) -> [Float] {
        guard let value = value(key) else { return fallback }
        guard case .array(let values) = value, count.contains(values.count) else {
            let size = count.count == 1 ? "\(count.lowerBound)" : "1 to \(count.upperBound)"
            throw wrong(key, value, "a list of \(size) numbers")
        }
        var result: [Float] = []
        for (index, value) in values.enumerated() {
            result.append(try number(value, "\(key)[\(index)]", range))
        }
        return result
    }

    mutating func strings(_ key: String) throws(ModelError) -> [String] {
        guard let value = try value(key, needed: true), case .array(let values) = value else {
            throw Self.wrong(full(key), "is not a list of strings")
        }
        var result: [String] = []
        for (index, value) in values.enumerated() {
            guard case .string(let text) = value else {
                throw wrong("\(key)[\(index)]", value, "a string")
            }
            result.append(text)
        }
        return result
    }

    /// A case of an enumeration, by its raw value.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, default fallback: Choice
    ) throws(ModelError) -> Choice where Choice.RawValue == String {
        guard let value = value(key) else { return fallback }
        let names = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
        guard case .string(let text) = value, let choice = Choice(rawValue: text) else {
            throw wrong(key, value, names)
        }
        return choice
    }

    /// Refuses every value except one.
    mutating func expect(_ key: String, _ only: String, isNeeded: Bool = false) throws(ModelError) {
        let text = try string(key, default: isNeeded ? nil : only)
        guard text == only else { throw wrong(key, .string(text), "\"\(only)\"") }
    }

    /// All members as strings, under any keys.
    mutating func freeStrings() throws(ModelError) -> [String: String] {
        var result: [String: String] = [:]
        for key in members.keys.sorted() { result[key] = try string(key) }
        return result
    }

    /// All members as ranges, under any keys: lists of a lower and an upper bound around zero.
    mutating func freeRanges() throws(ModelError) -> [String: ClosedRange<Float>] {
        var result: [String: ClosedRange<Float>] = [:]
        for key in members.keys.sorted() {
            let bounds = try numbers(key, in: -1e30...1e30, count: 2...2, default: [])
            guard bounds[0] <= 0, bounds[1] >= 0 else {
                throw Self.wrong(full(key), "does not hold zero")
            }
            result[key] = bounds[0]...bounds[1]
        }
        return result
    }

    /// An optional number.
    mutating func optionalNumber(
        _ key: String, in range: ClosedRange<Float>
    ) throws(ModelError) -> Float? {
        guard let value = value(key) else { return nil }
        return try number(value, key, range)
    }

    /// All elements of a list of objects, each read as a section; none where the key is missing.
    mutating func list<Result>(
        _ key: String, _ read: (inout DescriptionSection) throws(ModelError) -> Result
    ) throws(ModelError) -> [Result] {
        guard let value = value(key) else { return [] }
        guard case .array(let values) = value else { throw wrong(key, value, "a list") }
        var results: [Result] = []
        for (index, value) in values.enumerated() {
            var inner = try DescriptionSection(value, path: full("\(key)[\(index)]"))
            results.append(try read(&inner))
            try inner.finish()
        }
        return results
    }

    private mutating func value(_ key: String) -> JSONValue? {
        if !known.contains(key) { known.append(key) }
        return members[key]
    }

    private mutating func value(_ key: String, needed: Bool) throws(ModelError) -> JSONValue? {
        let value = value(key)
        if value == nil && needed { throw Self.wrong(full(key), "is missing") }
        return value
    }

    private func number(
        _ value: JSONValue, _ key: String, _ range: ClosedRange<Float>
    ) throws(ModelError) -> Float {
        guard case .number(let number) = value, range.contains(Float(number)) else {
            throw wrong(key, value, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return Float(number)
    }

    private func full(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private func wrong(_ key: String, _ value: JSONValue, _ expected: String) -> ModelError {
        Self.wrong(full(key), "is \(value.kind), not \(expected)")
    }

    private static func wrong(_ path: String, _ problem: String) -> ModelError {
        ModelError(
            .unsupported,
            problem: "its description: \(path.isEmpty ? "the whole" : path) \(problem)")
    }
}
