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
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        processor = Self.field("model name", of: text) ?? "unknown"
        let flags = Set((Self.field("flags", of: text) ?? "").split(separator: " "))
        extensions = ["fma", "avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8"]
            .filter { flags.contains(Substring($0)) }
        cores = ProcessInfo.processInfo.activeProcessorCount
        let path = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"
        governor =
            (try? String(contentsOfFile: path, encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown"
        let environment = description.model.environment
        instructionSet = environment.instructionSetName
        libraries = FFmpegVersions.all.joined(separator: ", ")
        let name = description.model.name
        model = name
        modelDigest =
            BackboneCatalog.names.contains(name)
            ? "random weights, seed 1"
            : (try? environment.catalog.url(of: name)).flatMap { FileDigest.sha256(of: $0.path) }
                ?? "unknown"
        let choice = description.model
        let loaded = try? environment.catalog.model(name)
        let own = loaded.map {
            PictureSize(width: $0.description.input.width, height: $0.description.input.height)
        }
        input = (choice.inputSize ?? own)?.description ?? "unknown"
        let resolved = try? loaded?.precision(
            for: choice.precision, on: environment.instructionSet)
        precision = (resolved ?? choice.precision).rawValue
        threads = choice.threads ?? cores
        let source = description.input.sources.first
        self.source = source.map { redacted($0) }
        sourceDigest = source.flatMap { FileDigest.sha256(of: $0) }
        self.command = command.map { redacted($0) }.joined(separator: " ")
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
