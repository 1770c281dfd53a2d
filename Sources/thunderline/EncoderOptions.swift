import ArgumentParser

/// Options of the video encoder.
struct EncoderOptions: ParsableArguments {
    @Option(help: SettingHelp.text("output.encoder"))
    var encoder: String?
    @Option(help: SettingHelp.text("output.preset"))
    var preset: String?
    @Option(help: SettingHelp.text("output.crf"))
    var crf: String?
    @Option(help: SettingHelp.text("output.bitrate"))
    var bitrate: String?
}
