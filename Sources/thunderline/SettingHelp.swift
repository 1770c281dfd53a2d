import ArgumentParser
import Pipeline

/// What the table of settings says of a key, as the argument parser takes it.
enum SettingHelp {
    /// The help text, with what the value looks like.
    static func text(_ key: String) -> ArgumentHelp {
        let setting = setting(key)
        return ArgumentHelp(setting?.summary ?? "", valueName: setting.flatMap(valueName))
    }

    /// The words that a shell offers for a setting with words to choose from.
    static func words(_ key: String) -> CompletionKind? {
        guard case .choice(let words) = setting(key)?.form else { return nil }
        return .list(words)
    }

    private static func setting(_ key: String) -> Setting<DetectDescription>? {
        (DetectSettings.all + BenchSettings.all).first { $0.key == key }
    }

    private static func valueName(_ setting: Setting<DetectDescription>) -> String? {
        switch setting.form {
        case .choice(let words): words.joined(separator: "|")
        case .integer, .number: "number"
        case .seconds: "time"
        case .size: "WIDTHxHEIGHT"
        case .bitrate: "bits"
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
