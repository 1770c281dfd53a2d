internal import Flow

// graph → fold → fuse → lower → allocate → bind → run
//
//   Graph            layers as data
//     │ fold         FoldedNetwork: normalisations move into the weights of the convolutions before them
//     │ fuse         PlanFusion: GEMM + epilogue → FusedGEMM; convolution + ReLU + pooling → FusedConvolution
//     │ lower        PlanLowering: fused nodes → PlanLayers with PackedWeights, between ActivationBuffers;
//     │              slices, concatenations and shuffles only rearrange ChannelLocations
//     │ allocate     ArenaLayout: ActivationBuffers → offsets in one arena, shared by disjoint lifetimes
//     │ bind         PlanBinding: PlanLayers → C descriptions with pointers → PlanSteps
//     ▼ run          Plan: one kernel call per PlanStep, on one thread or on all threads of the pool
//
// Types: Graph.Node → FusedGEMM → PointwiseLayer → ck_pointwise → PlanStep.

/// Networks compiled for one instruction set: packed weights, one arena for all maps, a list of kernel calls.
///
/// Building allocates all memory; running allocates none. A plan is noncopyable: its owner writes the inputs, runs it
/// and reads the outputs. Several networks can share a plan: an input of a later network with the name of an earlier
/// output is that output, without a copy.
///
/// With one instruction set, results are bit-identical for every run and every number of threads.
@safe
public struct Plan: ~Copyable {
    /// The instruction set for which the weights are packed.
    public let instructionSet: InstructionSet
    /// The lowered layers of all networks.
    let layers: [PlanLayer]
    let kernels: Kernels
    let pool: Pool?
    /// One step per layer, at fixed addresses for the threads of the pool.
    private let steps: UnsafeMutablePointer<PlanStep>
    /// The steps of each network.
    let networkSteps: [Range<Int>]
    private let inputs: [Port]
    private let outputs: [Port]
    let memory: PlanMemory
    let buffers: [ActivationBuffer]
    /// Offsets of the buffers in the arena, in floats.
    let offsets: [Int]
    /// Prepared conversions from frames to an image input.
    var images: [ImageLoader] = []

    /// An input or output map.
    struct Port {
        let name: String
        let offset: Int
        let count: Int
        let layout: MapLayout
    }

    /// Compiles one network.
    ///
    /// - Throws: ``PlanError`` when a layer has no kernel.
    public init(
        _ network: FoldedNetwork, instructionSet: InstructionSet = .best, threads: Int = 1,
        precisions: PrecisionMap = .float32
    ) throws(PlanError) {
        try self.init(
            [network], instructionSet: instructionSet, threads: threads, precisions: precisions)
    }

    /// Compiles networks that run one after another.
    ///
    /// - Parameters:
    ///   - networks: The networks.
    ///   - instructionSet: Upper limit of the kernels' instruction set; the best set of the processor below it is used.
    ///   - threads: Threads that share large steps, including the caller; fewer where the system refuses more.
    ///   - precisions: Precision of each GEMM.
    /// - Throws: ``PlanError`` when a layer has no kernel.
    public init(
        _ networks: [FoldedNetwork], instructionSet: InstructionSet = .best, threads: Int = 1,
        precisions: PrecisionMap = .float32
    ) throws(PlanError) {
        let kernels = Kernels(instructionSet)
        let pool = threads > 1 ? try? Pool(threads: threads) : nil
        let lowering = try PlanLowering(networks, kernels, precisions)
        let arena = ArenaLayout(lowering.buffers)
        let memory = PlanMemory(arenaCount: arena.count)
        let binding = PlanBinding(
            memory: memory, kernels: kernels, buffers: lowering.buffers, offsets: arena.offsets,
            parts: pool?.threads ?? 1)
        let ports = { (port: PlanLowering.Port) in
            Port(
                name: port.name, offset: arena.offsets[port.buffer],
                count: lowering.buffers[port.buffer].floats, layout: port.layout)
        }
        self.instructionSet = min(instructionSet, .best)
        self.kernels = kernels
        self.pool = pool
        layers = lowering.layers
        unsafe steps = memory.keepSteps(lowering.layers.map { binding.step($0) })
        networkSteps = lowering.networkSteps
        inputs = lowering.inputs.map(ports)
        outputs = lowering.outputs.map(ports)
        self.memory = memory
        buffers = lowering.buffers
        offsets = arena.offsets
    }

    /// Bytes of memory for all maps, inputs and outputs included.
    public var arenaBytes: Int { memory.arenaCount * MemoryLayout<Float>.stride }

    /// Kernel calls in one run of all networks.
    public var stepCount: Int { layers.count }

    /// Bytes of packed weights and descriptions.
    public var constantBytes: Int { memory.constantBytes }

    /// Computes the outputs of a network from its inputs.
    ///
    /// - Parameters:
    ///   - network: Index of the network.
    ///   - rows: Active rows of a network over rows (maps of width 1); nil for all.
    public mutating func run(network: Int = 0, rows: Int? = nil) {
        for index in networkSteps[network] {
            let units = layers[index].units
            run(step: index, units: min(rows ?? units, units))
        }
    }

    /// Least work of a step that is worth a barrier: about two microseconds.
    private static let leastSharedWork = 100_000

    /// Runs the first `units` units of a step, on all threads where there is enough work.
    @inline(__always)
    mutating func run(step index: Int, units: Int) {
        let isShared = units > 1 && layers[index].work >= Self.leastSharedWork
        unsafe run(steps + index, units: units, isShared: isShared)
    }

    /// Runs a step on the threads of the pool, or on this one.
    @inline(__always)
    mutating func run(_ step: UnsafeMutablePointer<PlanStep>, units: Int, isShared: Bool = true) {
        // SAFETY: steps stay at their addresses as long as the plan; the pool returns when all parts are done,
        // and parts write different units.
        guard isShared, let pool else { return unsafe step.pointee.run(0..<units, part: 0) }
        unsafe step.pointee.units = units
        unsafe pool.run(count: pool.threads, context: step) { context, lower, upper in
            guard let step = unsafe context?.assumingMemoryBound(to: PlanStep.self) else { return }
            for part in lower..<upper { unsafe step.pointee.run(part: part) }
        }
    }

    /// Runs all steps of all networks `rounds` times and returns the least time of each.
    ///
    /// For profiling; allocates.
    public mutating func profile(rounds: Int = 20) -> [LayerTime] {
        let clock = ContinuousClock()
        var best = [Duration](repeating: .seconds(3600), count: layers.count)
        for _ in 0..<rounds {
            for index in layers.indices {
                let units = layers[index].units
                let time = clock.measure { run(step: index, units: units) }
                best[index] = min(best[index], time)
            }
        }
        return zip(layers, best).map { layer, time in
            LayerTime(
                name: layer.name, nanoseconds: time / .nanoseconds(1),
                multiplyAdds: layer.multiplyAdds)
        }
    }
}

/// Measured time of one step of a ``Plan``.
public struct LayerTime: Hashable, Sendable {
    /// The node whose value the step stores.
    public let name: String
    /// The least of several measurements.
    public let nanoseconds: Double
    /// Multiply-adds by the papers' count.
    public let multiplyAdds: Int
}

/// SAFETY: a plan is not copied and nothing else reaches its memory, so it may move to another thread; threads that
/// borrow it can only read.
extension Plan: @unchecked Sendable {}

/// Inputs and outputs.
extension Plan {
    /// Layout of an input.
    public func layout(ofInput name: String) -> MapLayout { input(name).layout }

    /// Layout of an output.
    public func layout(ofOutput name: String) -> MapLayout { output(name).layout }

    /// Lends an input for writing.
    ///
    /// It keeps its values until they are written again.
    ///
    /// Write only the channels of the map's own pixels: the padding around and between them must stay zero.
    public mutating func withInput<Result, Failure: Error>(
        _ name: String, _ body: (inout MutableSpan<Float>, MapLayout) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let port = input(name)
        // SAFETY: the buffer is inside the arena, which the plan owns and lends once at a time.
        var span = unsafe MutableSpan(
            _unsafeStart: memory.arena + port.offset, count: port.count)
        return try body(&span, port.layout)
    }

    /// Lends an output for reading.
    ///
    /// It is valid until the next run.
    public func withOutput<Result, Failure: Error>(
        _ name: String, _ body: (Span<Float>, MapLayout) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let port = output(name)
        // SAFETY: as above; the plan cannot run while it is borrowed.
        let span = unsafe Span(_unsafeStart: memory.arena + port.offset, count: port.count)
        return try body(span, port.layout)
    }

    /// Copies a channels-first tensor to an input.
    public mutating func write(_ tensor: Tensor, to name: String) {
        withInput(name) { span, layout in
            precondition(tensor.shape == layout.shape, "\(name) has the shape \(layout.shape)")
            layout.forEach { index, position in span[position] = tensor[index] }
        }
    }

    /// Copies an output to a channels-first tensor.
    public func tensor(_ name: String) -> Tensor { withOutput(name, Tensor.init) }

    /// Copies the values of an input to a channels-first tensor.
    public mutating func inputTensor(_ name: String) -> Tensor {
        withInput(name) { span, layout in Tensor(span.span, layout) }
    }

    func input(_ name: String) -> Port {
        for port in inputs where port.name == name { return port }
        preconditionFailure("no input is named \(name)")
    }

    private func output(_ name: String) -> Port {
        for port in outputs where port.name == name { return port }
        preconditionFailure("no output is named \(name)")
    }
}

extension Tensor {
    /// A copy of a map.
    fileprivate init(_ map: Span<Float>, _ layout: MapLayout) {
        self.init(layout.shape)
        withMutableSpan { to in
            layout.forEach { index, position in to[index] = map[position] }
        }
    }
}

extension MapLayout {
    /// Calls `body` with the channels-first index and the position in memory of each value.
    fileprivate func forEach(_ body: (Int, Int) -> Void) {
        var index = 0
        for channel in 0..<shape.channels {
            for row in 0..<shape.height {
                for column in 0..<shape.width {
                    body(index, self.index(channel: channel, row: row, column: column))
                    index += 1
                }
            }
        }
    }
}
