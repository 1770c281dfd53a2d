import ArgumentParser
import Configuration
import Flow
import Pipeline

/// `thunderline detect`: annotates recordings, images and cameras.
struct DetectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect",
        abstract: "Detects and tracks objects in recordings, images and cameras.",
        discussion: """
            Examples:
              thunderline detect drive.mp4 -o seen.mp4
              thunderline detect drive.mp4 --no-video --results drive.csv --classes car
              thunderline detect trip/ -o seen/ --results seen/{name}.csv --skip-existing
              thunderline detect --join trip/2024*.mp4 -o trip.mp4
              thunderline detect rtsp://camera/stream --for 60s -o minute.mp4
            """)

    @OptionGroup var options: DetectOptions
    /// The options as read by ``validate()``.
    private var description = DetectDescription()

    private enum CodingKeys: CodingKey { case options }

    /// Reads the options once; an error is printed with the usage of this command.
    mutating func validate() throws {
        description = try DetectDescription(options.assignments)
    }

    func run() throws { try Self.run(description) }

    /// Runs a description from a command line or a pipeline file.
    static func run(_ description: DetectDescription) throws {
        try performRun(isQuiet: description.isQuiet) { console throws(RunError) in
            let report = try DetectRun(
                description.inProgramEnvironment, console: console, stop: .interrupt
            ).run()
            return RunEnd(
                failure: report.failure, lines: [report.summary].compactMap(\.self),
                reason: report.reason)
        }
    }
}

/// Arguments of `detect`; each option is a setting of the same name in `DetectSettingTable`.
struct DetectOptions: ParsableArguments {
    @Argument(help: SettingHelp.text("input.sources"), completion: .file())
    var sources: [String] = []

    @Option(
        name: [.customShort("o"), .long], help: SettingHelp.text("output.path"),
        completion: .file())
    var output: String?
    @Option(help: SettingHelp.text("results"), completion: .file())
    var results: [String] = []
    @Flag(help: "Write no annotated video.")
    var noVideo = false
    @Flag(help: SettingHelp.text("output.overwrite"))
    var overwrite = false
    @Flag(help: SettingHelp.text("output.skip-existing"))
    var skipExisting = false

    @Option(help: SettingHelp.text("input.start"))
    var start: String?
    @Option(help: SettingHelp.text("input.duration"))
    var duration: String?
    @Option(help: SettingHelp.text("input.for"))
    var `for`: String?
    @Option(help: SettingHelp.text("input.kind"), completion: SettingHelp.words("input.kind"))
    var kind: String?
    @Option(help: SettingHelp.text("input.rate"))
    var rate: String?
    @Option(help: SettingHelp.text("input.video-stream"))
    var videoStream: String?
    @Flag(help: SettingHelp.text("input.join"))
    var join = false
    @Flag(help: SettingHelp.text("input.deinterlace"))
    var deinterlace = false

    @OptionGroup var model: ModelOptions
    @Option(help: SettingHelp.text("model.threads"))
    var threads: String?
    @OptionGroup var objects: ObjectOptions
    @OptionGroup var tracking: TrackingOptions
    @OptionGroup var counting: CountingOptions

    @Flag(help: "Draw no boxes.")
    var noBoxes = false
    @Flag(help: "Draw no labels.")
    var noLabels = false
    @Flag(help: SettingHelp.text("overlay.traces"))
    var traces = false
    @Flag(help: SettingHelp.text("overlay.readout"))
    var readout = false
    @Option(help: SettingHelp.text("overlay.font"), completion: .file())
    var font: String?

    @OptionGroup var encoding: EncoderOptions
    @Option(
        help: SettingHelp.text("output.pixel-format"),
        completion: SettingHelp.words("output.pixel-format"))
    var pixelFormat: String?
    @Option(help: SettingHelp.text("output.audio"), completion: SettingHelp.words("output.audio"))
    var audio: String?
    @Flag(name: [.customShort("q"), .long], help: SettingHelp.text("quiet"))
    var quiet = false
}

extension DetectOptions {
    /// The given arguments as assignments.
    var assignments: [Assignment] {
        GivenOption.assignments(of: self, among: DetectSettingTable.all)
            + (sources.isEmpty ? [] : [("input.sources", sources)])
    }
}
