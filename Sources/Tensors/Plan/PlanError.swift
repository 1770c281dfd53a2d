/// Why a ``Plan`` cannot be made.
public enum PlanError: Error, Hashable, CustomStringConvertible {
    /// A layer for which there is no fast kernel; the ``Interpreter`` runs such networks.
    case unsupported(layer: String, reason: String)
    /// A mask names no instruction set.
    case unknownInstructionSet(String)
    /// A precision for which an instruction set has no products.
    case unsupportedPrecision(Precision, InstructionSet)

    /// What was asked, what stands against it, and what to try.
    public var description: String {
        switch self {
        case .unsupported(let layer, let reason):
            "Planning the layer '\(layer)': \(reason). The reference interpreter can run this network."
        case .unknownInstructionSet(let name):
            "THUNDERLINE_CPU is '\(name)', which names no instruction set; try "
                + InstructionSet.allCases.map(\.rawValue).joined(separator: ", ") + "."
        case .unsupportedPrecision(let precision, let set):
            "\(set.rawValue) on this processor has no products in \(precision.rawValue); try "
                + set.precisions.map(\.rawValue).joined(separator: ", ") + " or auto."
        }
    }
}
