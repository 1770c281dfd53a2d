/// An annotated data set in a training recipe.
public struct SetDescription: Hashable, Sendable, Codable {
    /// A file or folder; `data.yaml:val` is one split of a YOLO set.
    public var path: String
    /// Class names of YOLO sets without a list of their own.
    public var names: [String] = []
    /// New class names, `from=to`; `ignore` and `background` are uses instead of names.
    public var renamed: [String: String] = [:]
    /// Classes that are visible in the images but not annotated.
    public var unlabelled: [String] = []
    /// Sampling weight of its images relative to those of other sets.
    public var weight = 1.0

    /// Creates a set with every default.
    public init(_ path: String = "") { self.path = path }
}

/// The table of all settings of one data set.
enum SetSettingTable {
    static let all: [Setting<SetDescription>] = [
        .one(
            key: "path", option: nil, \.path, .text,
            "A COCO JSON file, a folder of Pascal VOC, or a YOLO data.yaml or folder; data.yaml:val is one split."
        ),
        .one(
            key: "weight", option: nil, \.weight, .number(in: 0.001...1000),
            "Sampling weight of its images relative to those of other sets."),
        Setting(
            key: "rename", option: nil, form: .list(separatedByCommas: true),
            summary: "New class names, from=to; to may be ignore or background.",
            apply: { (texts, set) throws(SettingError) in
                set.renamed = [:]
                for text in texts.flatMap(SettingText.commas) {
                    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                    guard parts.count == 2 else {
                        throw SettingError(message: "takes from=to, not \"\(text)\"")
                    }
                    set.renamed[parts[0]] = parts[1]
                }
            },
            render: { set in
                set.renamed.isEmpty
                    ? nil : set.renamed.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            }),
        .list(
            key: "unlabelled", option: nil, \.unlabelled, separatedByCommas: true,
            "Classes that are visible in the images but not annotated."),
        .list(
            key: "names", option: nil, \.names, separatedByCommas: true,
            "Class names of a YOLO set without a list of its own."),
    ]
}
