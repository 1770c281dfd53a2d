/// What a random number is for; each purpose has numbers of its own, so that one more draw here changes none there.
public enum RandomPurpose: UInt32, Sendable, CaseIterable {
    /// Order of the pictures of an epoch.
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
    /// Choice of anchors for the loss.
    case anchors
    /// Choice of regions for the second stage.
    case regions
    /// Choice of hard examples.
    case mining
    /// Initial weights.
    case weights
}

/// Random numbers that follow from seed, epoch, picture and purpose alone.
///
/// Batch 700 is therefore the same whether a run got there or started there, on any number of threads. The numbers
/// are those of ``Philox`` in order; every function here is specified by this code and will not change with the
/// standard library.
public struct RandomStream: Sendable {
    private let key: SIMD2<UInt32>
    private var counter: SIMD4<UInt32>
    private var words = SIMD4<UInt32>()
    private var used = 4

    /// The numbers of one purpose for one picture (or batch) of one epoch.
    public init(seed: UInt64, epoch: Int, item: Int, purpose: RandomPurpose) {
        key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        counter = SIMD4(
            0, purpose.rawValue, UInt32(truncatingIfNeeded: item),
            UInt32(truncatingIfNeeded: epoch))
    }

    /// The next 32 bits.
    public mutating func word() -> UInt32 {
        if used == 4 {
            words = Philox.block(counter, key: key)
            counter.x &+= 1
            used = 0
        }
        defer { used += 1 }
        return words[used]
    }

    /// A number from 0 up to, not including, 1: one of 2²⁴.
    public mutating func unit() -> Float { Float(word() >> 8) * 0x1p-24 }

    /// A number of a range, its upper end excluded unless the range is a point.
    public mutating func number(in range: ClosedRange<Float>) -> Float {
        range.lowerBound + unit() * (range.upperBound - range.lowerBound)
    }

    /// A whole number from 0 up to, not including, `count`, which is above 0; all are equally likely.
    public mutating func index(below count: Int) -> Int {
        precondition(count > 0 && count <= 1 << 32, "nothing to choose from")
        // Lemire, "Fast Random Integer Generation in an Interval" (2019).
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

    /// True with a probability.
    public mutating func happens(_ probability: Double) -> Bool {
        Double(word()) * 0x1p-32 < probability
    }

    /// One of several, all equally likely; `choices` is not empty.
    public mutating func element<Element>(of choices: [Element]) -> Element {
        choices[index(below: choices.count)]
    }

    /// The elements in an order of which all are equally likely (Fisher and Yates).
    public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var elements = elements
        for place in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(place, index(below: place + 1))
        }
        return elements
    }

    /// So many of the elements, all choices equally likely, in their former order.
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
