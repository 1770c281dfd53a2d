#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

extension Weights {
    /// Reproducible random weights of a network, for benchmarks and tests.
    ///
    /// Variances follow He et al. (2015): 1/fan-in, doubled before a ReLU, so that activations keep a magnitude near
    /// one. Statistics, scales and biases are random too, close to their neutral values, so that ignoring one changes
    /// results. A tensor depends only on the seed and its own name and dimensions.
    public static func random(for graph: Graph, seed: UInt64 = 1) -> Weights {
        random(for: [graph], seed: seed)
    }

    /// Reproducible random weights of several graphs that share a file.
    public static func random(for graphs: [Graph], seed: UInt64 = 1) -> Weights {
        let rectified = graphs.reduce(into: Set<String>()) { $0.formUnion($1.rectifiedNodes) }
        let pairs = WeightManifest(graphs).entries.map { entry in
            let node = entry.name.split(separator: ".").dropLast().joined(separator: ".")
            return (entry.name, entry.random(seed: seed, isRectified: rectified.contains(node)))
        }
        return Weights(trusted: Dictionary(uniqueKeysWithValues: pairs))
    }
}

extension Graph {
    /// Names of the nodes followed by a ReLU, directly or after a normalisation.
    fileprivate var rectifiedNodes: Set<String> {
        var names: Set<String> = []
        for node in nodes where node.operation == .relu {
            var source = self[node.inputs[0]]
            names.insert(source.name)
            if case .normalization = source.operation {
                source = self[source.inputs[0]]
                names.insert(source.name)
            }
        }
        return names
    }
}

extension WeightManifest.Entry {
    fileprivate func random(seed: UInt64, isRectified: Bool) -> Tensor {
        var source = NormalSource(seed: seed ^ name.stableHash)
        let fanIn = max(1, count / dims[0])
        let (center, deviation): (Float, Float) =
            switch role {
            case .convolutionWeight, .denseWeight:
                (0, ((isRectified ? 2 : 1) / Float(fanIn)).squareRoot())
            case .bias, .normShift, .normMean: (0, 0.1)
            case .normScale, .normVariance: (1, 0.1)
            }
        let floor: Float = role == .normVariance ? 0.25 : -.infinity
        let values = (0..<count).map { _ in max(floor, center + deviation * source.next()) }
        return Tensor(dims: dims, values)
    }
}

/// A generator of normally distributed numbers: Box–Muller over SplitMix64 (Steele, Lea, Flood 2014).
///
/// Equal seeds give equal numbers on every system. Not cryptographic.
public struct NormalSource: Sendable {
    private var state: UInt64

    /// Creates a generator from a seed.
    public init(seed: UInt64) { state = seed }

    /// 64 uniformly distributed bits.
    public mutating func bits() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// A number with mean 0 and standard deviation 1.
    public mutating func next() -> Float {
        let unit = 1.0 / Double(1 << 53)
        let radius = (-2 * log((Double(bits() >> 11) + 0.5) * unit)).squareRoot()
        return Float(radius * cos(2 * Double.pi * Double(bits() >> 11) * unit))
    }
}

extension String {
    /// FNV-1a hash of the UTF-8 bytes; equal from run to run, unlike `hashValue`.
    fileprivate var stableHash: UInt64 {
        utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
