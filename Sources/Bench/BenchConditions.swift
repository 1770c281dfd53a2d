internal import Configuration
internal import Foundation
internal import Pipeline
internal import ThunderNet
internal import Video

/// Conditions of a benchmark, without which its metrics cannot be reproduced.
public struct BenchConditions: Sendable {
    /// Name of the processor as the system reports it.
    public let processor: String
    /// Number of cores that this process may use.
    public let cores: Int
    /// The frequency governor, or "unknown".
    public let governor: String
    /// The instruction set of the kernels.
    public let instructionSet: String
    /// Instruction set extensions of the processor that networks benefit from.
    public let extensions: [String]
    /// Versions of FFmpeg's libraries.
    public let libraries: String
    /// The model's name.
    public let model: String
    /// SHA-256 of the model's file, or a description of random weights.
    public let modelDigest: String
    /// Size of the network's input.
    public let input: String
    /// Arithmetic of the network; `auto` is resolved.
    public let precision: String
    /// Threads of the detector, all together.
    public let threads: Int
    /// The recording, without credentials; nil where there is none.
    public let source: String?
    /// SHA-256 of the recording; nil for none, or for one that is no file.
    public let sourceDigest: String?
    /// The command line.
    public let command: String

    /// Reads the conditions from the machine and the files.
    init(_ description: DetectDescription, command: [String]) {
        let processorFacts =
            (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        processor = Self.field("model name", of: processorFacts) ?? "unknown"
        extensions = Self.extensions(in: processorFacts)
        cores = ProcessInfo.processInfo.activeProcessorCount
        governor = Self.currentGovernor
        libraries = FFmpegVersions.all.joined(separator: ", ")
        let choice = description.model
        instructionSet = choice.environment.instructionSetName
        model = choice.name
        modelDigest = Self.digest(ofModel: choice)
        (input, precision) = Self.resolved(choice)
        threads = choice.threadCount
        let source = description.input.sources.first
        self.source = source.map { redacted($0) }
        sourceDigest = source.flatMap { FileDigest.sha256(of: $0) }
        self.command = command.map { redacted($0) }.joined(separator: " ")
    }

    private static func extensions(in processorFacts: String) -> [String] {
        let flags = Set((field("flags", of: processorFacts) ?? "").split(separator: " "))
        return ["fma", "avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8"]
            .filter { flags.contains(Substring($0)) }
    }

    private static var currentGovernor: String {
        let path = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"
        return (try? String(contentsOfFile: path, encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown"
    }

    private static func digest(ofModel choice: ModelChoice) -> String {
        guard !BackboneCatalog.names.contains(choice.name) else { return "random weights, seed 1" }
        let url = try? choice.environment.catalog.url(of: choice.name)
        return url.flatMap { FileDigest.sha256(of: $0.path) } ?? "unknown"
    }

    /// Input size and precision as the model resolves them.
    private static func resolved(_ choice: ModelChoice) -> (input: String, precision: String) {
        let model = try? choice.environment.catalog.model(choice.name)
        let own = model.map {
            PictureSize(width: $0.description.input.width, height: $0.description.input.height)
        }
        let precision = try? model?.precision(
            for: choice.precision, on: choice.environment.instructionSet)
        return (
            (choice.inputSize ?? own)?.description ?? "unknown",
            (precision ?? choice.precision).rawValue
        )
    }

    private static func field(_ name: String, of text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix(name) }?
            .split(separator: ":", maxSplits: 1).last.map {
                $0.trimmingCharacters(in: .whitespaces)
            }
    }

    /// Conditions that must be equal for two reports to be comparable.
    var comparable: [(String, String)] {
        [
            ("processor", processor), ("instruction_set", instructionSet), ("model", model),
            ("model_sha256", modelDigest), ("input", input), ("precision", precision),
            ("source_sha256", sourceDigest ?? ""),
        ]
    }

    /// Input, arithmetic and threads, for people.
    var timed: String {
        "\(input), \(precision), \(pluralized(threads, "thread", "threads"))"
    }

    /// The machine in one line, for people.
    var text: String {
        "\(processor), \(pluralized(cores, "core", "cores")), kernels for \(instructionSet) (processor: \(extensions.joined(separator: " ")))"
    }

    func add(to object: inout JSONObject) {
        object.add("processor", processor)
        object.add("cores", cores)
        object.add("governor", governor)
        object.add("instruction_set", instructionSet)
        object.add("extensions", extensions.joined(separator: " "))
        object.add("libraries", libraries)
        object.add("model", model)
        object.add("model_sha256", modelDigest)
        object.add("input", input)
        object.add("precision", precision)
        object.add("threads", threads)
        if let source { object.add("source", source) }
        if let sourceDigest { object.add("source_sha256", sourceDigest) }
        object.add("command", command)
    }
}
