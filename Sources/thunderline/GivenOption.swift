import ArgumentParser
import Configuration
import Pipeline

/// An option that was given on a command line, found by the property that holds it.
///
/// A property and its option have one name, so that no list has to pair them once more.
struct GivenOption {
    /// Such as `--min-score`.
    let option: String
    /// Its values; `true` for a flag.
    let texts: [String]

    /// All options of some parsed arguments that were given, those of groups among them included.
    private static func all(of arguments: some ParsableArguments) -> [GivenOption] {
        Mirror(reflecting: arguments).children.flatMap { child -> [GivenOption] in
            if let group = child.value as? any ArgumentGroup { return all(of: group.members) }
            guard let label = child.label, let texts = texts(of: child.value), !texts.isEmpty else {
                return []
            }
            return [GivenOption(option: option(label), texts: texts)]
        }
    }

    /// What was said, as a table of settings takes it, in the table's order.
    static func assignments<Description>(
        of arguments: some ParsableArguments, among settings: [Setting<Description>]
    ) -> [(key: String, texts: [String])] {
        let said = Dictionary(
            all(of: arguments).map { ($0.option, $0.texts) }, uniquingKeysWith: { $1 })
        return settings.compactMap { setting in
            guard let option = setting.option, let texts = said[option] else { return nil }
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

    /// `_minScore` becomes `--min-score`.
    private static func option(_ label: String) -> String {
        label.drop { $0 == "_" }.reduce(into: "--") { option, letter in
            option += letter.isUppercase ? "-" + letter.lowercased() : String(letter)
        }
    }
}

/// A group of options, of whatever kind.
private protocol ArgumentGroup {
    associatedtype Members: ParsableArguments
    var members: Members { get }
}

extension OptionGroup: ArgumentGroup {
    fileprivate var members: Value { wrappedValue }
}
