internal import Configuration
internal import Foundation

/// Paths of the annotated copy, the results and the counts of each source.
struct OutputNaming: Sendable {
    private let description: DetectDescription
    private let intoFolder: Bool

    /// Checks that outputs differ from each other and from all sources, and creates their folder.
    ///
    /// - Throws: A ``RunError`` when two of them are the same, or when the folder cannot be created.
    init(_ description: DetectDescription, jobs: [InputSource]) throws(RunError) {
        self.description = description
        let path = description.output.path
        intoFolder = path.map { $0.hasSuffix("/") || SourceList.isFolder($0) } ?? false
        let outputs = description.input.join ? Array(jobs.prefix(1)) : jobs
        if outputs.count > 1 {
            try Self.checkSeveral(description, isFolder: intoFolder)
            try checkApart(outputs)
        }
        try checkSources(outputs, among: jobs)
        if intoFolder, let path, description.output.video { try Self.makeFolder(path) }
    }

    /// Path of a source's annotated copy; nil when no video is wanted.
    func video(of job: InputSource) -> String? {
        guard description.output.video else { return nil }
        guard let path = description.output.path else {
            return "\(stem(job.source))-seen.\(ending(job))"
        }
        let isNumbered = path.contains("{stream}")
        guard intoFolder else { return isNumbered ? filled(path, job) : path }
        let folder = path.hasSuffix("/") ? path : path + "/"
        return "\(folder)\(stem(job.source)).\(ending(job))"
    }

    /// True for a path of which each source or video stream gets its own.
    static func isOwn(_ path: String) -> Bool {
        path.contains("{name}") || path.contains("{stream}")
    }

    /// A path with the number of the video stream and the source's name in place.
    private func filled(_ path: String, _ job: InputSource) -> String {
        path.replacingOccurrences(of: "{stream}", with: "\(job.videoStream ?? 1)")
            .replacingOccurrences(of: "{name}", with: stem(job.source))
    }

    /// Paths of a source's results files; `{name}` is replaced by the source's name.
    func results(of job: InputSource) -> [String] {
        var results: [String] = []
        for path in description.results {
            let own = filled(path, job)
            if !results.contains(own) { results.append(own) }
        }
        return results
    }

    /// Paths of a source's counts and events; `{name}` is replaced by the source's name.
    func counting(of job: InputSource) -> CountPaths {
        CountPaths(description) { filled($0, job) }
    }

    private func ending(_ job: InputSource) -> String {
        let own = (job.source as NSString).pathExtension.lowercased()
        if job.isImage { return ["jpg", "jpeg", "png"].contains(own) ? own : "png" }
        return ["mp4", "mkv", "mov"].contains(own) ? own : "mp4"
    }

    /// Name of the source without folder and extension; a camera is named after its address.
    private func stem(_ source: String) -> String {
        if source == "-" { return "stdin" }
        let path = SourceList.isAddress(source) ? Self.path(of: source) : source
        let name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
        return name.isEmpty || name == "/" ? "camera" : name
    }

    /// An address without credentials and queries.
    private static func path(of address: String) -> String {
        let place = address.split(separator: "@").last.map(String.init) ?? address
        return place.split(separator: "?").first.map(String.init) ?? place
    }

    private static func checkSeveral(
        _ description: DetectDescription, isFolder: Bool
    ) throws(RunError) {
        if description.output.video, let path = description.output.path, !isFolder,
            !path.contains("{stream}")
        {
            let isFile = ["mp4", "mkv", "mov", "png", "jpg"]
                .contains((path as NSString).pathExtension.lowercased())
            if isFile || FileManager.default.fileExists(atPath: path) {
                throw RunError(
                    .usage,
                    "Several sources cannot go into the one file \(path): name a folder (\(path)/), or use --join."
                )
            }
            throw RunError(
                .notFound, "The folder \(path) does not exist: write \(path)/ to make it.")
        }
        for path in description.results
        where !isOwn(path) && ResultsFormat(path: path) == .mot {
            throw RunError(
                .usage,
                "MOT text holds one source: put {name} into \(path) so that each gets its own.")
        }
        for path in description.counts.heatMaps where !isOwn(path) {
            throw RunError(
                .usage,
                "A heat map holds one source: put {name} into \(path) so that each gets its own.")
        }
    }

    /// Refuses two sources with the same output path, where the later would replace the earlier.
    private func checkApart(_ jobs: [InputSource]) throws(RunError) {
        let counting = CountPaths(description) { $0 }
        let shared = Set((description.results + counting.texts).filter { !Self.isOwn($0) })
        var owners: [String: String] = [:]
        for job in jobs {
            let outputs =
                [video(of: job)].compactMap { $0 } + results(of: job) + self.counting(of: job).all
            for output in Set(outputs).subtracting(shared) {
                if let other = owners.updateValue(job.source, forKey: output) {
                    throw RunError(
                        .usage,
                        "\(other) and \(job.source) would both be written to \(output): give each a run and a folder of its own."
                    )
                }
            }
        }
    }

    /// Refuses an output that is one of the sources, even with `--overwrite`.
    private func checkSources(_ outputs: [InputSource], among jobs: [InputSource]) throws(RunError)
    {
        let sources = Set(jobs.compactMap { FileIdentity($0.source) })
        for output in outputs.compactMap(video(of:)) {
            if let file = FileIdentity(output), sources.contains(file) {
                throw RunError(
                    .usage,
                    "Writing \(output): it is the source itself. Name another file or folder.")
            }
        }
    }

    private static func makeFolder(_ path: String) throws(RunError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        } catch {
            throw RunError("Making the folder \(path)", writing: error)
        }
    }
}

/// Identity of the file at a path, by device and inode.
private struct FileIdentity: Hashable {
    private let device: Int
    private let number: Int

    init?(_ path: String) {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let found = try? FileManager.default.attributesOfItem(atPath: target),
            let device = found[.systemNumber] as? Int,
            let number = found[.systemFileNumber] as? Int
        else { return nil }
        self.device = device
        self.number = number
    }
}
