internal import Tensors
internal import ThunderNet

/// Rows of the class layer that a network takes from a model with other classes, matched by name.
struct ClassRows {
    /// Names of the layer's tensors.
    static let tensors: Set<String> = ["head.classes.weight", "head.classes.bias"]

    /// Classes of the network that the model has as well, in the network's order.
    let classes: [String]
    /// Pairs of rows: of the network, and of the model.
    private let pairs: [(own: Int, other: Int)]

    /// Matches the classes of two descriptions; nil if both have the same rows, or no class in common.
    init?(_ own: ModelDescription, from other: ModelDescription) {
        let isSame = own.classes == other.classes && own.head.background == other.head.background
        let shared = own.classes.filter(other.classes.contains)
        guard !isSame, !shared.isEmpty else { return nil }
        classes = shared
        pairs =
            [(Self.background(own), Self.background(other))]
            + shared.compactMap { name in
                guard let row = Self.row(of: name, own), let source = Self.row(of: name, other)
                else { return nil }
                return (row, source)
            }
    }

    private static func background(_ description: ModelDescription) -> Int {
        description.head.background == .first ? 0 : description.classes.count
    }

    private static func row(of name: String, _ description: ModelDescription) -> Int? {
        description.classes.firstIndex(of: name).map {
            description.head.background == .first ? $0 + 1 : $0
        }
    }

    /// The tensor with the matched rows of another; nil if their rows differ in length.
    func merged(_ own: Tensor, _ other: Tensor) -> Tensor? {
        guard own.dims.dropFirst() == other.dims.dropFirst(), let rows = own.dims.first, rows > 0
        else { return nil }
        let length = own.count / rows
        var values = own.values
        for pair in pairs {
            guard pair.own < rows, (pair.other + 1) * length <= other.count else { return nil }
            let source = other.values[pair.other * length..<(pair.other + 1) * length]
            values.replaceSubrange(pair.own * length..<(pair.own + 1) * length, with: source)
        }
        return Tensor(dims: own.dims, values)
    }
}
