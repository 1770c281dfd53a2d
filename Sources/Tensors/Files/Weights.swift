/// The tensors of a network by name, validated against its manifest.
///
/// Every name of the manifest has a finite tensor of the right dimensions, so later passes need no checks.
public struct Weights: Sendable {
    private let tensors: [String: Tensor]

    /// Checks tensors against a manifest.
    ///
    /// - Throws: ``ModelError`` for a tensor that is missing, superfluous, misshaped or not finite; it names `file`.
    public init(
        _ tensors: [String: Tensor], for manifest: WeightManifest, file: String? = nil
    ) throws(ModelError) {
        try Weights.checkNames(of: tensors, for: manifest, file: file)
        for entry in manifest.entries {
            if let tensor = tensors[entry.name] { try entry.check(tensor, file: file) }
        }
        self.tensors = tensors
    }

    /// Checks the tensors of a file against a manifest.
    ///
    /// Errors name the file.
    public init(_ file: ModelFile, for manifest: WeightManifest) throws(ModelError) {
        try self.init(file.tensors, for: manifest, file: file.name)
    }

    /// Wraps tensors that were derived from validated ones.
    init(trusted tensors: [String: Tensor]) {
        self.tensors = tensors
    }

    /// The names of all tensors, sorted.
    public var names: [String] { tensors.keys.sorted() }

    /// The tensor of a name.
    ///
    /// Stops the program for a name that the manifest does not list.
    public subscript(name: String) -> Tensor {
        guard let tensor = tensors[name] else {
            preconditionFailure("no weights are named \(name)")
        }
        return tensor
    }

    /// The tensor of a name, or nil.
    public func find(_ name: String) -> Tensor? { tensors[name] }

    /// All tensors by name, for writing a file.
    public var all: [String: Tensor] { tensors }

    private static func checkNames(
        of tensors: [String: Tensor], for manifest: WeightManifest, file: String?
    ) throws(ModelError) {
        let expected = Set(manifest.entries.map(\.name))
        if let missing = manifest.entries.first(where: { tensors[$0.name] == nil }) {
            let others = expected.count { tensors[$0] == nil } - 1
            throw ModelError(
                .mismatched, file: file, tensor: missing.name,
                problem: "is missing" + (others > 0 ? ", and \(others) more" : ""),
                advice: "The file's description may name the wrong backbone.")
        }
        let extra = tensors.keys.filter { !expected.contains($0) }.sorted()
        if let first = extra.first {
            let others = extra.count - 1
            throw ModelError(
                .mismatched, file: file, tensor: first,
                problem: "is not part of the network"
                    + (others > 0 ? ", nor are \(others) more" : ""),
                advice: "The file's description may name the wrong backbone.")
        }
    }
}

extension WeightManifest.Entry {
    fileprivate func check(_ tensor: Tensor, file: String?) throws(ModelError) {
        guard tensor.dims == dims else {
            throw ModelError(
                .mismatched, file: file, tensor: name,
                problem: "has the dimensions \(tensor.dims), the network needs \(dims)")
        }
        if let fault = tensor.firstIndex(where: { !$0.isFinite }) {
            throw ModelError(
                .notFinite, file: file, tensor: name,
                problem: "element \(fault) is \(tensor[fault])",
                advice: "The training that wrote it may have diverged.")
        }
        if role == .normVariance, let fault = tensor.firstIndex(where: { $0 < 0 }) {
            throw ModelError(
                .mismatched, file: file, tensor: name,
                problem: "element \(fault) is \(tensor[fault]), but a variance is not negative")
        }
    }
}
