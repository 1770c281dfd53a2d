import ArgumentParser

/// The part of a command line that says how identities are kept.
struct TrackingOptions: ParsableArguments {
    @Option(help: SettingHelp.text("tracking.every"))
    var every: String?
    @Option(help: SettingHelp.text("tracking.detect-fps"))
    var detectFps: String?
}

/// The part of a command line that says how video is encoded.
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
