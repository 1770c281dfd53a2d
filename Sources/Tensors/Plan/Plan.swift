internal import Flow

/// Networks laid out for one instruction set: packed weights, one arena for all maps, a list of kernel calls.
///
/// Building allocates everything; running allocates nothing. A plan is not copied: whoever holds it writes
/// its inputs, runs it and reads its outputs, one after another. Several networks can share a plan: an
/// input of a later one that is named like an output of an earlier one is that output, without a copy.
///
/// Results are the same bits for every run and every number of threads with one instruction set.
@safe
public struct Plan: ~Copyable {
    /// The instruction set that the plan was packed for.
    public let instructionSet: InstructionSet
    /// The steps of all networks.
    let layers: [PlanLayer]
    let kernels: Kernels
    private let steps: [PlanStep]
    let pool: Pool?
    /// The steps again, at fixed addresses for the threads of the pool.
    private let calls: UnsafeMutablePointer<PlanCall>?
    let stages: [Range<Int>]
    private let inputs: [Port]
    private let outputs: [Port]
    let memory: PlanMemory
    /// Where the slabs of the layers stand in the arena.
    let slabs: [Slab]
    let offsets: [Int]
    /// The ways from pictures to an image input, once there are pictures.
    var images: [ImageLoader] = []

    /// A map that the outside writes or reads.
    struct Port {
        let name: String
        let offset: Int
        let count: Int
        let layout: MapLayout
    }

    /// Lays out one network.
    ///
    /// - Throws: ``PlanError`` when a layer has no fast kernel.
    public init(
        _ network: FoldedNetwork, instructionSet: InstructionSet = .best, threads: Int = 1,
        precisions: PrecisionMap = .float32
    ) throws(PlanError) {
        try self.init(
            [network], instructionSet: instructionSet, threads: threads, precisions: precisions)
    }

    /// Lays out networks that are run one after another.
    ///
    /// - Parameters:
    ///   - networks: What to compute.
    ///   - instructionSet: What the kernels may use; what this processor lacks is left out.
    ///   - threads: How many share the larger steps, the one that runs the plan included; fewer where the system
    ///     refuses more.
    ///   - precisions: What each product is computed in.
    /// - Throws: ``PlanError`` when a layer has no fast kernel.
    public init(
        _ networks: [FoldedNetwork], instructionSet: InstructionSet = .best, threads: Int = 1,
        precisions: PrecisionMap = .float32
    ) throws(PlanError) {
        let kernels = Kernels(instructionSet)
        let pool = threads > 1 ? try? Pool(threads: threads) : nil
        let lowering = try PlanLowering(networks, kernels, precisions)
        let arena = ArenaLayout(lowering.slabs)
        let memory = PlanMemory(arenaCount: arena.count)
        let binding = PlanBinding(
            memory: memory, kernels: kernels, slabs: lowering.slabs, offsets: arena.offsets,
            parts: pool?.threads ?? 1)
        let ports = { (port: PlanLowering.Port) in
            Port(
                name: port.name, offset: arena.offsets[port.slab],
                count: lowering.slabs[port.slab].floats, layout: port.layout)
        }
        self.instructionSet = min(instructionSet, .best)
        self.kernels = kernels
        layers = lowering.layers
        let steps = lowering.layers.map { binding.step($0) }
        let parts = pool?.threads ?? 1
        self.steps = steps
        self.pool = pool
        unsafe calls =
            parts == 1
            ? nil
            : memory.keepCalls(
                steps.map { PlanCall(kernels: kernels, step: $0, parts: parts, units: 0) })
        stages = lowering.stages
        inputs = lowering.inputs.map(ports)
        outputs = lowering.outputs.map(ports)
        self.memory = memory
        slabs = lowering.slabs
        offsets = arena.offsets
    }

    /// Bytes of memory for all maps, inputs and outputs included.
    public var arenaBytes: Int { memory.arenaCount * MemoryLayout<Float>.stride }

    /// Kernel calls in one run of all networks.
    public var stepCount: Int { steps.count }

    /// Bytes of packed weights and descriptions.
    public var constantBytes: Int { memory.constantBytes }

    /// Computes a network's outputs from what its inputs hold.
    ///
    /// - Parameters:
    ///   - stage: Which network, in the order they were given.
    ///   - rows: For a network over rows (maps of width 1): how many of them count; nil for all.
    public mutating func run(stage: Int = 0, rows: Int? = nil) {
        for index in stages[stage] {
            let units = layers[index].units
            run(step: index, units: min(rows ?? units, units))
        }
    }

    /// Steps with less work than this are not worth a barrier: about two microseconds.
    private static let leastSharedWork = 100_000

    @inline(__always)
    mutating func run(step: Int, units: Int) {
        guard let calls = unsafe calls, units > 1,
            layers[step].work >= Self.leastSharedWork
        else { return steps[step].run(kernels, 0..<units, part: 0) }
        unsafe share(calls + step, units: units)
    }

    /// Runs a call on all threads, or on this one where there are no others.
    @inline(__always)
    mutating func share(_ call: UnsafeMutablePointer<PlanCall>, units: Int) {
        // SAFETY: calls stay at their addresses as long as the plan; the pool returns when all parts are done,
        // and parts write different units.
        unsafe call.pointee.units = units
        guard let pool else { return unsafe call.pointee.run(part: 0) }
        unsafe pool.run(count: pool.threads, context: call) { context, lower, upper in
            guard let call = unsafe context?.assumingMemoryBound(to: PlanCall.self) else { return }
            for part in lower..<upper { unsafe call.pointee.run(part: part) }
        }
    }

    /// Runs all steps of all networks several times and says what each took at best.
    ///
    /// For people who look for time; it allocates.
    public mutating func profile(rounds: Int = 20) -> [LayerTime] {
        let clock = ContinuousClock()
        var best = [Duration](repeating: .seconds(3600), count: steps.count)
        for _ in 0..<rounds {
            for index in steps.indices {
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

/// What one step of a ``Plan`` costs.
public struct LayerTime: Hashable, Sendable {
    /// The node whose value the step stores.
    public let name: String
    /// The least of several measurements.
    public let nanoseconds: Double
    /// Multiply-adds that the papers would count.
    public let multiplyAdds: Int
}

/// SAFETY: a plan is not copied and nothing else reaches its memory, so it may move to another thread; whoever
/// borrows it from several threads can only read.
extension Plan: @unchecked Sendable {}

/// Inputs and outputs.
extension Plan {
    /// How an input lies in memory.
    public func layout(ofInput name: String) -> MapLayout { input(name).layout }

    /// How an output lies in memory.
    public func layout(ofOutput name: String) -> MapLayout { output(name).layout }

    /// Lends an input for writing; it keeps its numbers until they are written again.
    ///
    /// Write only the channels of the map's own pixels: around and between them stand zeros that count.
    public mutating func withInput<Result, Failure: Error>(
        _ name: String, _ body: (inout MutableSpan<Float>, MapLayout) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let port = input(name)
        // SAFETY: the slab lies inside the arena, which the plan owns and lends once at a time.
        var span = unsafe MutableSpan(
            _unsafeStart: memory.arena + port.offset, count: port.count)
        return try body(&span, port.layout)
    }

    /// Lends an output for reading; it stands until the next run.
    public func withOutput<Result, Failure: Error>(
        _ name: String, _ body: (Span<Float>, MapLayout) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let port = output(name)
        // SAFETY: as above; the plan cannot run while it is borrowed.
        let span = unsafe Span(_unsafeStart: memory.arena + port.offset, count: port.count)
        return try body(span, port.layout)
    }

    /// Copies a channels-first tensor into an input.
    public mutating func write(_ tensor: Tensor, to name: String) {
        withInput(name) { span, layout in
            precondition(tensor.shape == layout.shape, "\(name) has the shape \(layout.shape)")
            layout.forEach { index, place in span[place] = tensor[index] }
        }
    }

    /// Copies an output into a channels-first tensor.
    public func tensor(_ name: String) -> Tensor { withOutput(name, Tensor.init) }

    /// Copies what an input holds into a channels-first tensor.
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
            layout.forEach { index, place in to[index] = map[place] }
        }
    }
}

extension MapLayout {
    /// Visits every number: its index in channels-first order, and where it stands.
    fileprivate func forEach(_ body: (Int, Int) -> Void) {
        var position = 0
        for channel in 0..<shape.channels {
            for row in 0..<shape.height {
                for column in 0..<shape.width {
                    body(position, index(channel: channel, row: row, column: column))
                    position += 1
                }
            }
        }
    }
}
