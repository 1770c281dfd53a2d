public import Tensors

/// Surroundings of inference that a program chooses once: the model folders and the kernels' instruction set.
public struct InferenceEnvironment: Hashable, Sendable {
    /// Finder of models.
    public var catalog: ModelCatalog
    /// Upper limit of the kernels' instruction set.
    public var instructionSet: InstructionSet

    /// Creates an environment.
    public init(catalog: ModelCatalog = ModelCatalog(), instructionSet: InstructionSet = .best) {
        self.catalog = catalog
        self.instructionSet = instructionSet
    }

    /// Name of the instruction set, such as `avx512`.
    public var instructionSetName: String { instructionSet.rawValue }

    /// Measures the float32 multiply-add throughput of several threads on registers only, in GFLOP/s.
    public func multiplyAddLimit(threads: Int) -> Double {
        instructionSet.multiplyAddLimit(.float32, threads: threads)
    }
}
