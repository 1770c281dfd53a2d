import ArgumentParser
import Pipeline

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
