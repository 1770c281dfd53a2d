internal import Configuration
internal import Foundation

/// Where the annotated copy and the results of each source go.
struct OutputNaming: Sendable {
    private let description: DetectDescription
    private let intoFolder: Bool

    /// Checks that the outputs of these jobs can be told apart and replace no source, and makes the folder they
    /// go into.
    ///
    /// - Throws: A ``RunError`` when they cannot, or when the folder cannot be made.
    init(_ description: DetectDescription, jobs: [SourceJob]) throws(RunError) {
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

    /// The annotated copy of a source; nil when no video is wanted.
    func video(of job: SourceJob) -> String? {
        guard description.output.video else { return nil }
        guard let path = description.output.path else {
            return "\(stem(job.source))-seen.\(ending(job))"
        }
        guard intoFolder else { return path }
        let folder = path.hasSuffix("/") ? path : path + "/"
        return "\(folder)\(stem(job.source)).\(ending(job))"
    }

    /// The result files of a source; `{name}` stands for the source's name.
    func results(of job: SourceJob) -> [String] {
        var results: [String] = []
        for path in description.results {
            let own = path.replacingOccurrences(of: "{name}", with: stem(job.source))
            if !results.contains(own) { results.append(own) }
        }
        return results
    }

    private func ending(_ job: SourceJob) -> String {
        let own = (job.source as NSString).pathExtension.lowercased()
        if job.isImage { return ["jpg", "jpeg", "png"].contains(own) ? own : "png" }
        return ["mp4", "mkv", "mov"].contains(own) ? own : "mp4"
    }

    /// The source's name without folder and ending; cameras are named for their address.
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
        if description.output.video, let path = description.output.path, !isFolder {
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
        where !path.contains("{name}") && ResultsForm(path: path) == .mot {
            throw RunError(
                .usage,
                "MOT text holds one source: put {name} into \(path) so that each gets its own.")
        }
    }

    /// Refuses two sources whose outputs would have one name: the later would take the place of the earlier.
    private func checkApart(_ jobs: [SourceJob]) throws(RunError) {
        let shared = Set(description.results.filter { !$0.contains("{name}") })
        var owners: [String: String] = [:]
        for job in jobs {
            let outputs = [video(of: job)].compactMap { $0 } + results(of: job)
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

    /// Refuses an output that is one of the sources, whatever `--overwrite` says.
    private func checkSources(_ outputs: [SourceJob], among jobs: [SourceJob]) throws(RunError) {
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
            throw RunError(
                .notWritable, "Making the folder \(path): \(fileErrorReason(error))")
        }
    }
}

/// Which file a path leads to, whatever it is called; nil where there is none.
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
