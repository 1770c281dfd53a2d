public import Foundation
public import Tensors

/// Finds models by name or path.
///
/// A name is looked for, as `NAME.safetensors`, in the folders of ``searchFolders``: those of the environment
/// variable `THUNDERLINE_MODELS`, the package's resources beside the program, `models` beside the program, and
/// `share/thunderline/models` under the prefix the program is installed in.
public struct ModelCatalog: Sendable {
    /// The model that is used when none is named.
    public static let defaultName = "driving"
    private static let fileExtension = "safetensors"
    private static let resources = "thunderline_ThunderNet.resources/Models"

    /// Where names are looked for, first hit wins.
    public let searchFolders: [URL]

    /// The catalog of this program and environment.
    public init() {
        self.init(
            environment: ProcessInfo.processInfo.environment["THUNDERLINE_MODELS"],
            program: Self.program)
    }

    /// A catalog with other surroundings.
    ///
    /// - Parameters:
    ///   - environment: Folders separated by colons, or nil.
    ///   - program: The executable's path, symbolic links resolved.
    init(environment: String?, program: URL) {
        let named = (environment ?? "").split(separator: ":").map {
            URL(fileURLWithPath: String($0), isDirectory: true)
        }
        let folder = program.deletingLastPathComponent()
        let prefix = folder.deletingLastPathComponent()
        searchFolders =
            named + [
                folder.appendingPathComponent(Self.resources),
                folder.appendingPathComponent("models"),
                prefix.appendingPathComponent("share/thunderline/models"),
            ]
    }

    /// The running program's own file; a bundle is never asked for, since a missing one would end the program.
    private static var program: URL {
        let link = "/proc/self/exe"
        if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: link) {
            return URL(fileURLWithPath: path)
        }
        return URL(fileURLWithPath: CommandLine.arguments.first ?? "thunderline")
            .resolvingSymlinksInPath()
    }

    /// Names of all models that can be found, sorted.
    public var names: [String] {
        let found = searchFolders.flatMap { folder in
            (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        }
        let files = found.map { URL(fileURLWithPath: $0) }
            .filter { $0.pathExtension == Self.fileExtension }
        return Set(files.map { $0.deletingPathExtension().lastPathComponent }).sorted()
    }

    /// The file of a model, by path (anything with a slash or the extension) or by name.
    ///
    /// - Throws: `ModelError` that says where was looked.
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
    /// The name of a backbone, such as `snet49`, gives the default model's description on that backbone with
    /// random weights: of the right cost, for measurements, and useless for seeing.
    ///
    /// - Throws: `ModelError` that names what is wrong.
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
        return ModelError(
            .unreadable, file: name,
            problem: name.contains("/")
                ? "there is no such file" : "there is no such file or model; looked in \(places)",
            advice: "Models by name: \(list). THUNDERLINE_MODELS names further folders.")
    }
}
