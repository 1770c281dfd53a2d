import ArgumentParser
import Configuration
import Pipeline

/// What the table of settings says of a key, as the argument parser takes it.
enum SettingHelp {
    private static let recordings = DetectSettings.all + BenchSettings.all

    /// The help text, with what the value looks like.
    static func text(_ key: String) -> ArgumentHelp { text(key, among: recordings) }

    /// The words that a shell offers for a setting with words to choose from.
    static func words(_ key: String) -> CompletionKind? { words(key, among: recordings) }

    /// The help text of a setting of some table.
    static func text<Description>(
        _ key: String, among table: [Setting<Description>]
    ) -> ArgumentHelp {
        let setting = table.first { $0.key == key }
        return ArgumentHelp(
            setting?.summary ?? "", valueName: setting.flatMap { valueName($0.form) })
    }

    /// The words of a setting of some table.
    static func words<Description>(
        _ key: String, among table: [Setting<Description>]
    ) -> CompletionKind? {
        guard case .choice(let words) = table.first(where: { $0.key == key })?.form else {
            return nil
        }
        return .list(words)
    }

    private static func valueName(_ form: SettingForm) -> String? {
        switch form {
        case .choice(let words): words.joined(separator: "|")
        case .integer, .number: "number"
        case .seconds: "time"
        case .size: "WIDTHxHEIGHT"
        case .bitrate: "bits"
        case .bytes: "size"
        case .rectangles: "X,Y,WIDTH,HEIGHT"
        case .text, .flag, .list: nil
        }
    }
}

extension DetectDescription {
    /// Takes what was said on a command line; a value that makes no sense is told by its option.
    mutating func apply(
        _ assignments: [(key: String, texts: [String])],
        among settings: [Setting<DetectDescription>] = DetectSettings.all
    ) throws {
        for (key, texts) in assignments {
            do throws(SettingError) {
                try set(key, to: texts, among: settings)
            } catch {
                let option = settings.first { $0.key == key }?.option ?? key
                throw ValidationError("\(option) \(error.message).")
            }
        }
    }
}
