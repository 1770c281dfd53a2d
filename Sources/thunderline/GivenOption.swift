import ArgumentParser
import Configuration

/// A setting that a command line gives, as the tables of settings read it.
typealias Assignment = (key: String, texts: [String])

/// An option that was given on a command line, found by the property that holds it.
///
/// A property and its option have the same name, so no list has to pair them again.
struct GivenOption {
    /// Name such as `--min-score`.
    let option: String
    /// Its values; `true` for a flag.
    let texts: [String]

    /// All options of parsed arguments that were given, including those of option groups.
    private static func all(of arguments: some ParsableArguments) -> [GivenOption] {
        Mirror(reflecting: arguments).children.flatMap { child -> [GivenOption] in
            if let group = child.value as? any ArgumentGroup { return all(of: group.members) }
            guard let label = child.label, let texts = texts(of: child.value), !texts.isEmpty else {
                return []
            }
            return [GivenOption(option: option(label), texts: texts)]
        }
    }

    /// Given options as assignments, in the order of a table.
    static func assignments<Description>(
        of arguments: some ParsableArguments, among settings: [Setting<Description>]
    ) -> [Assignment] {
        let given = Dictionary(
            all(of: arguments).map { ($0.option, $0.texts) }, uniquingKeysWith: { $1 })
        return settings.compactMap { setting in
            guard let option = setting.option, let texts = given[option] else { return nil }
            return (setting.key, option.hasPrefix("--no-") ? ["false"] : texts)
        }
    }

    private static func texts(of property: Any) -> [String]? {
        switch property {
        case let option as Option<String?>: option.wrappedValue.map { [$0] }
        case let option as Option<[String]>: option.wrappedValue
        case let flag as Flag<Bool>: flag.wrappedValue ? ["true"] : nil
        default: nil
        }
    }

    /// The option of a property: `_minScore` becomes `--min-score`.
    private static func option(_ label: String) -> String {
        label.drop { $0 == "_" }.reduce(into: "--") { option, letter in
            option += letter.isUppercase ? "-" + letter.lowercased() : String(letter)
        }
    }
}

extension CommandDescription {
    /// Reads the assignments of a command line, in their order.
    ///
    /// - Throws: A `ValidationError` that names the option of a wrong value, or a contradiction.
    init(_ assignments: [Assignment]) throws {
        self.init()
        for (key, texts) in assignments {
            do throws(SettingError) {
                try set(key, to: texts)
            } catch {
                let option = Self.settings.first { $0.key == key }?.option ?? key
                throw ValidationError("\(option) \(error.message).")
            }
        }
        if let contradiction = contradictions.first { throw ValidationError(contradiction) }
    }
}

/// A group of options of any type.
private protocol ArgumentGroup {
    associatedtype Members: ParsableArguments
    var members: Members { get }
}

extension OptionGroup: ArgumentGroup {
    fileprivate var members: Value { wrappedValue }
}
