internal import Foundation
internal import Yams

/// Finds the images and class names of a YOLO set.
///
/// A `data.yaml` (Ultralytics) lists folders or lists of images by split; its paths are relative to its `path`, or to
/// its own folder if that does not exist. A folder of images, or one with a subfolder `images`, takes its names from a
/// `data.yaml` or `classes.txt` in it or up to two levels above.
struct YOLOLayout {
    /// Contents of a `data.yaml`.
    private struct Description {
        var root: String?
        var names: [String]
        /// Folders and lists by split.
        var parts: [String: [String]]
    }

    private static let descriptionNames = ["data.yaml", "dataset.yaml", "data.yml", "dataset.yml"]
    private let source: DatasetSource

    init(_ source: DatasetSource) { self.source = source }

    /// Paths of the images in order, and names of the classes.
    func pictures() throws(DatasetError) -> (paths: [String], names: [String]) {
        let path = source.path
        if ["yaml", "yml"].contains(Files.ending(of: path)) { return try described(by: path) }
        let paths = try listed(path)
        let names = source.names.isEmpty ? try names(near: path) : source.names
        guard !paths.isEmpty else { throw DatasetError(.wrong, "\(path) contains no images.") }
        return (paths, names)
    }

    /// Names of the splits in a `data.yaml`, in the usual order.
    static func splits(of path: String) throws(DatasetError) -> [String] {
        let parts = try read(path).parts
        return ["train", "val", "test"].filter { parts[$0] != nil }
    }

    private func described(by path: String) throws(DatasetError) -> ([String], [String]) {
        let description = try Self.read(path)
        let wanted = source.split.map { [$0] } ?? source.preferredSplits
        guard let split = wanted.first(where: { description.parts[$0] != nil }),
            let parts = description.parts[split]
        else {
            throw DatasetError(
                .wrong,
                "\(path) has no \(wanted[0]) split; it has \(description.parts.keys.sorted().joined(separator: ", "))."
            )
        }
        var paths: [String] = []
        for part in parts {
            paths += try listed(try Self.place(part, of: description, in: path))
        }
        guard !paths.isEmpty else {
            throw DatasetError(.wrong, "\(path): its \(split) folders contain no images.")
        }
        return (paths, source.names.isEmpty ? description.names : source.names)
    }

    /// First existing candidate for the path of a split.
    private static func place(
        _ part: String, of description: Description, in path: String
    ) throws(DatasetError) -> String {
        let folder = Files.folder(of: path)
        let roots = [description.root.map { PlainFile.path(of: $0, in: folder) }, folder]
        // Roboflow writes ../train/images instead of train/images.
        let forms = part.hasPrefix("../") ? [part, String(part.dropFirst(3))] : [part]
        let places = forms.flatMap { form in
            roots.compactMap { $0 }.map { PlainFile.path(of: form, in: $0) }
        }
        guard let place = places.first(where: PlainFile.exists) else {
            throw DatasetError(
                .notFound,
                "\(path): \(part) does not exist; searched \(places.joined(separator: ", ")). Give the path of the image folder instead."
            )
        }
        return place
    }

    /// Images of a folder, or of a list with one path per line.
    private func listed(_ path: String) throws(DatasetError) -> [String] {
        if PlainFile.isFolder(path) {
            let inner = path + "/images"
            return Files.pictures(under: PlainFile.isFolder(inner) ? inner : path)
        }
        var paths: [String] = []
        for (index, line) in try PlainFile.text(of: path).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        ).enumerated() {
            let name = line.trimmingCharacters(in: .whitespaces)
            if name.isEmpty { continue }
            if let objection = PlainFile.objection(toName: name) {
                throw DatasetError(.wrong, "\(path):\(index + 1): the name \(objection).")
            }
            paths.append(PlainFile.path(of: name, in: Files.folder(of: path)))
        }
        return paths
    }

    private func names(near path: String) throws(DatasetError) -> [String] {
        var folder = PlainFile.isFolder(path) ? path : Files.folder(of: path)
        for _ in 0..<3 {
            for name in Self.descriptionNames where PlainFile.exists("\(folder)/\(name)") {
                return try Self.read("\(folder)/\(name)").names
            }
            if PlainFile.exists("\(folder)/classes.txt") {
                return try PlainFile.text(of: "\(folder)/classes.txt")
                    .split(whereSeparator: \.isNewline)
                    .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
            }
            folder = folder.isEmpty ? ".." : folder + "/.."
        }
        throw DatasetError(
            .wrong,
            "\(path): no data.yaml or classes.txt with class names found. Create a data.yaml with the line names: [first, second]."
        )
    }

    /// Largest number of aliases; `*name` in comments and texts counts as well.
    private static let aliasLimit = 16

    private static func read(_ path: String) throws(DatasetError) -> Description {
        let text = try PlainFile.text(of: path, limit: 1 << 20)
        // Aliases of aliases stand for more values than memory holds; this many, for some hundred times the file's.
        guard text.matches(of: /\*[A-Za-z0-9_-]/).count <= aliasLimit else {
            throw DatasetError(
                .wrong,
                "\(path): it has more than \(aliasLimit) aliases (*name). Write the values out.")
        }
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            let lines = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
            throw DatasetError(.wrong, "\(path) is not valid YAML: \(lines)")
        }
        guard let mapping = node?.mapping else {
            throw DatasetError(.wrong, "\(path) is not a data.yaml: it must be a mapping.")
        }
        let names = try names(mapping["names"], path)
        if let count = mapping["nc"]?.int, count != names.count {
            throw DatasetError(
                .wrong, "\(path): nc is \(count), but there are \(names.count) names.")
        }
        var parts: [String: [String]] = [:]
        for split in ["train", "val", "valid", "test"] {
            guard let value = mapping[split] else { continue }
            let list = value.sequence.map { $0.compactMap(\.string) } ?? value.string.map { [$0] }
            let known = (list ?? []).filter { !$0.isEmpty }
            if !known.isEmpty { parts[split == "valid" ? "val" : split] = known }
        }
        return Description(root: mapping["path"]?.string, names: names, parts: parts)
    }

    /// Names as a list, or as a mapping from indices that start at 0.
    private static func names(_ node: Node?, _ path: String) throws(DatasetError) -> [String] {
        if let list = node?.sequence?.compactMap(\.string), !list.isEmpty { return list }
        if let mapping = node?.mapping, !mapping.isEmpty {
            let pairs = mapping.compactMap { pair in
                pair.key.int.flatMap { number in pair.value.string.map { (number, $0) } }
            }.sorted { $0.0 < $1.0 }
            guard pairs.map(\.0) == Array(0..<mapping.count) else {
                throw DatasetError(
                    .wrong,
                    "\(path): the indices in names must run from 0 without gaps.")
            }
            return pairs.map(\.1)
        }
        throw DatasetError(.wrong, "\(path): the list of classes, names, is missing.")
    }
}
