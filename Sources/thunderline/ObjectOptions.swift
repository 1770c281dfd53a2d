import ArgumentParser

/// Options of the filter of detections.
struct ObjectOptions: ParsableArguments {
    @Option(help: SettingHelp.text("objects.classes"))
    var classes: [String] = []
    @Option(help: SettingHelp.text("objects.min-score"))
    var minScore: String?
    @Option(help: SettingHelp.text("objects.min-size"))
    var minSize: String?
    @Option(help: SettingHelp.text("objects.max-size"))
    var maxSize: String?
    @Option(help: SettingHelp.text("objects.ignore"))
    var ignore: [String] = []
}
