import ArgumentParser
import Configuration

/// Help texts and completions of options, from the tables of settings.
enum SettingHelp {
    private typealias Row = (summary: String, form: SettingForm)

    /// Rows of all commands by key.
    ///
    /// Commands on video share their rows; a key of `train` that they have, too, keeps theirs.
    private static let rows: [String: Row] = Dictionary(
        rows(DetectSettingTable.all) + rows(BenchSettingTable.all) + rows(LiveSettingTable.all)
            + rows(TrainSettingTable.all),
        uniquingKeysWith: { first, _ in first })

    private static func rows<Description>(
        _ table: [Setting<Description>]
    ) -> [(String, Row)] {
        table.map { ($0.key, ($0.summary, $0.form)) }
    }

    /// Summary of a setting.
    static func summary(_ key: String) -> String { rows[key]?.summary ?? "" }

    /// Help text of a setting's option, with a placeholder for the value.
    static func text(_ key: String) -> ArgumentHelp {
        ArgumentHelp(summary(key), valueName: rows[key].flatMap { valueName($0.form) })
    }

    /// Words that a shell completes for a setting with a choice of words.
    static func words(_ key: String) -> CompletionKind? {
        guard case .choice(let words) = rows[key]?.form else { return nil }
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
        case .regions: "X,Y,WIDTH,HEIGHT"
        case .items: "NAME=POINTS"
        case .points: "POINTS"
        case .pairs: "value"
        case .videoStream: "number|all|auto"
        case .text, .flag, .list: nil
        }
    }
}
