import ArgumentParser

/// Options of the frames on which the detector runs.
struct TrackingOptions: ParsableArguments {
    @Option(help: SettingHelp.text("tracking.every"))
    var every: String?
    @Option(help: SettingHelp.text("tracking.detect-fps"))
    var detectFps: String?
}
