public import Foundation
public import Tensors

/// Finder of models by name or path.
///
/// A name is searched as `NAME.safetensors` in ``searchFolders``: the folders given by the caller, the package's
/// resources beside the program, `models` beside the program, and `share/thunderline/models` under the installation
/// prefix.
public struct ModelCatalog: Hashable, Sendable {
    /// Name of the default model.
    public static let defaultName = "driving"
    private static let fileExtension = "safetensors"
    private static let resources = "thunderline_ThunderNet.resources/Models"

    /// Folders in the order of the search.
    public let searchFolders: [URL]
    private let folderAdvice: String?

    /// Creates a catalog of the running program.
    ///
    /// - Parameters:
    ///   - folders: Folders that are searched first.
    ///   - advice: A sentence for errors that tells how to add folders, if there is a way.
    public init(folders: [URL] = [], advice: String? = nil) {
        self.init(folders: folders, program: Self.program, advice: advice)
    }

    /// Creates a catalog of another program.
    ///
    /// - Parameters:
    ///   - folders: Folders that are searched first.
    ///   - program: The executable's path, symbolic links resolved.
    ///   - advice: A sentence for errors that tells how to add folders, if there is a way.
    init(folders: [URL], program: URL, advice: String? = nil) {
        let folder = program.deletingLastPathComponent()
        let prefix = folder.deletingLastPathComponent()
        searchFolders =
            folders + [
                folder.appendingPathComponent(Self.resources),
                folder.appendingPathComponent("models"),
                prefix.appendingPathComponent("share/thunderline/models"),
            ]
        folderAdvice = advice
    }

    /// The running program's file.
    ///
    /// `Bundle` is not used, since a missing bundle would stop the program.
    private static let program: URL = {
        let link = "/proc/self/exe"
        if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: link) {
            return URL(fileURLWithPath: path)
        }
        return URL(fileURLWithPath: CommandLine.arguments.first ?? "thunderline")
            .resolvingSymlinksInPath()
    }()

    /// Names of all models in the folders, sorted.
    public var names: [String] {
        let found = searchFolders.flatMap { folder in
            (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        }
        let files = found.map { URL(fileURLWithPath: $0) }
            .filter { $0.pathExtension == Self.fileExtension }
        return Set(files.map { $0.deletingPathExtension().lastPathComponent }).sorted()
    }

    /// The file of a model, by path (with a slash or the extension) or by name.
    ///
    /// - Throws: `ModelError` that lists the searched folders.
    public func url(of name: String) throws(ModelError) -> URL {
        let isPath = name.contains("/") || name.hasSuffix(".\(Self.fileExtension)")
        if isPath && FileManager.default.fileExists(atPath: name) {
            return URL(fileURLWithPath: name)
        }
        if !name.contains("/") {
            let file = isPath ? name : "\(name).\(Self.fileExtension)"
            for folder in searchFolders {
                let url = folder.appendingPathComponent(file)
                if FileManager.default.fileExists(atPath: url.path) { return url }
            }
        }
        if FileManager.default.fileExists(atPath: name) { return URL(fileURLWithPath: name) }
        throw notFound(name)
    }

    /// Reads a model by path or name.
    ///
    /// The name of a backbone, such as `snet49`, gives the default model's description on that backbone with random
    /// weights: useful for benchmarks, since the cost is right, but not for detection.
    ///
    /// - Throws: `ModelError` with the problem.
    public func model(_ name: String = ModelCatalog.defaultName) throws(ModelError) -> Model {
        guard BackboneCatalog.names.contains(name) else {
            return try Model(contentsOf: url(of: name))
        }
        var description = try Model(contentsOf: url(of: Self.defaultName)).description
        description.name = "\(name) (untrained)"
        description.backbone = name
        description.provenance = ["weights": "random, for measurements only"]
        description.accuracy = []
        return try Model.untrained(description)
    }

    private func notFound(_ name: String) -> ModelError {
        let places = searchFolders.map(\.path).joined(separator: ", ")
        let known = names
        let list = known.isEmpty ? "none was found" : known.joined(separator: ", ")
        var advice = ["Models by name: \(list)."]
        if !name.contains("/") && !name.hasSuffix(".\(Self.fileExtension)") {
            let backbones = BackboneCatalog.names.joined(separator: ", ")
            advice.append("Backbones with random weights: \(backbones).")
        }
        return ModelError(
            .unreadable, file: name,
            problem: name.contains("/")
                ? "there is no such file" : "there is no such file or model; looked in \(places)",
            advice: (advice + [folderAdvice].compactMap(\.self)).joined(separator: " "))
    }
}
