internal import Foundation

/// Where the annotated copy and the results of each source go.
struct OutputNaming: Sendable {
    private let description: DetectDescription
    private let intoFolder: Bool

    /// Checks that `outputs` outputs can be told apart, and makes the folder they go into.
    ///
    /// - Throws: A ``RunError`` when they cannot, or when the folder cannot be made.
    init(_ description: DetectDescription, outputs: Int) throws(RunError) {
        self.description = description
        let path = description.output.path
        intoFolder = path.map { $0.hasSuffix("/") || SourceList.isFolder($0) } ?? false
        if outputs > 1 {
            try Self.checkSeveral(description, isFolder: intoFolder)
        }
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
        description.results.map { $0.replacingOccurrences(of: "{name}", with: stem(job.source)) }
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

    /// Refuses to replace a file unless that was asked for.
    static func refuse(
        existing path: String, _ description: DetectDescription
    ) throws(RunError) {
        if !description.output.overwrite && FileManager.default.fileExists(atPath: path) {
            throw RunError(
                .notWritable, "Writing \(path): it exists. Use --overwrite to replace it.")
        }
    }

    private static func makeFolder(_ path: String) throws(RunError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        } catch {
            throw RunError(
                .notWritable, "Making the folder \(path): \(error.localizedDescription)")
        }
    }
}
