/// Purpose of random numbers; each purpose has its own stream, so that more draws for one do not change another.
public enum RandomPurpose: UInt32, Sendable, CaseIterable {
    /// Order of an epoch's images.
    case order = 1
    /// Input size of a batch.
    case inputSize
    /// Crop, expansion, flip.
    case geometry
    /// Brightness, contrast, saturation, hue.
    case color
    /// Choice and placement of mosaic parts.
    case mosaic
    /// Choice and placement of pasted objects.
    case paste
    /// Sampling of anchors for the loss.
    case anchors
    /// Sampling of regions for the second stage.
    case regions
    /// Hard example mining.
    case mining
    /// Initial weights.
    case weights
}

/// Random numbers determined by seed, epoch, item and purpose.
///
/// A batch is therefore the same in a resumed run, and on any number of threads. The numbers are those of ``Philox`` in
/// order; all functions here are defined by this code and independent of the standard library's version.
public struct RandomStream: Sendable {
    private let key: SIMD2<UInt32>
    private var counter: SIMD4<UInt32>
    private var words = SIMD4<UInt32>()
    private var used = 4

    /// Creates the stream of one purpose for one image (or batch) of one epoch.
    public init(seed: UInt64, epoch: Int, item: Int, purpose: RandomPurpose) {
        key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        counter = SIMD4(
            0, purpose.rawValue, UInt32(truncatingIfNeeded: item),
            UInt32(truncatingIfNeeded: epoch))
    }

    /// Returns the next 32 bits.
    public mutating func word() -> UInt32 {
        if used == 4 {
            words = Philox.block(counter, key: key)
            counter.x &+= 1
            used = 0
        }
        defer { used += 1 }
        return words[used]
    }

    /// Returns a number in 0..<1, a multiple of 2⁻²⁴.
    public mutating func unit() -> Float { Float(word() >> 8) * 0x1p-24 }

    /// Returns a number in a range, without its upper bound unless both bounds are equal.
    public mutating func number(in range: ClosedRange<Float>) -> Float {
        range.lowerBound + unit() * (range.upperBound - range.lowerBound)
    }

    /// Returns an integer in `0..<count` with equal probabilities; `count` is above 0.
    public mutating func index(below count: Int) -> Int {
        precondition(count > 0 && count <= 1 << 32, "nothing to choose from")
        // Method: Lemire, "Fast Random Integer Generation in an Interval" (2019).
        let bound = UInt64(count)
        var product = UInt64(word()) * bound
        var low = product & 0xFFFF_FFFF
        if low < bound {
            let least = (1 << 32) % bound
            while low < least {
                product = UInt64(word()) * bound
                low = product & 0xFFFF_FFFF
            }
        }
        return Int(product >> 32)
    }

    /// Returns true with the given probability.
    public mutating func happens(_ probability: Double) -> Bool {
        Double(word()) * 0x1p-32 < probability
    }

    /// Returns a random element of `choices`, which is not empty.
    public mutating func element<Element>(of choices: [Element]) -> Element {
        choices[index(below: choices.count)]
    }

    /// Returns the elements in random order (Fisher–Yates).
    public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var elements = elements
        for place in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(place, index(below: place + 1))
        }
        return elements
    }

    /// Returns a random subset of `count` elements in their original order.
    public mutating func chosen<Element>(_ count: Int, of elements: [Element]) -> [Element] {
        guard count < elements.count else { return elements }
        var rest = max(0, count)
        var chosen: [Element] = []
        chosen.reserveCapacity(rest)
        for (place, element) in elements.enumerated() where rest > 0 {
            if index(below: elements.count - place) < rest {
                chosen.append(element)
                rest -= 1
            }
        }
        return chosen
    }
}
