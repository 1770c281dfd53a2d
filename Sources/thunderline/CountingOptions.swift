import ArgumentParser
import Pipeline

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

/// Options of zones, lines, counts and events.
struct CountingOptions: ParsableArguments {
    @Option(help: SettingHelp.text("zones"))
    var zone: [String] = []
    @Option(help: SettingHelp.text("lines"))
    var line: [String] = []
    @Option(help: SettingHelp.text("counts.file"), completion: .file())
    var counts: String?
    @Option(help: SettingHelp.text("counts.every"))
    var countEvery: String?
    @Option(help: SettingHelp.text("counts.crossings"), completion: .file())
    var crossings: String?
    @Option(help: SettingHelp.text("counts.heat-map"), completion: .file())
    var heatMap: [String] = []
    @Option(help: SettingHelp.text("events.file"), completion: .file())
    var events: String?
    @Option(help: SettingHelp.text("events.classes"))
    var eventClasses: [String] = []
}
