import TestSupport

/// Source of inputs: kept seeds, changed at random in the ways that break parsers.
struct Mutator {
    private let seeds: [[UInt8]]
    private let words: [[UInt8]]
    private var generator: SeededGenerator
    /// Inputs that brought something new, changed further.
    private var pool: [[UInt8]]

    /// Longest input in bytes.
    static let limit = 1 << 14

    init(seeds: [[UInt8]], words: [String], seed: UInt64) {
        self.seeds = seeds.isEmpty ? [[]] : seeds
        self.words =
            words.map { Array($0.utf8) } + Self.numbers.map { Array($0.utf8) } + Self.oddities
        generator = SeededGenerator(seed: seed)
        pool = []
    }

    private static let numbers = [
        "-1", "0", "4294967296", "9223372036854775807", "-9223372036854775808", "1e999", "-0.0",
        "nan", "0x10", "1.5",
    ]
    private static let oddities: [[UInt8]] = [
        [0], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], [0xE2, 0x80, 0xAE],
        [0x0D, 0x0A], [0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
    ]

    /// Next input.
    mutating func next() -> [UInt8] {
        var bytes = pick(pool.isEmpty || Bool.random(using: &generator) ? seeds : pool)
        for _ in 0..<Int.random(in: 1...8, using: &generator) { change(&bytes) }
        return Array(bytes.prefix(Self.limit))
    }

    /// Keeps an input to be changed further; of 256 such, one is replaced.
    mutating func keep(_ input: [UInt8]) {
        if pool.count < 256 {
            pool.append(input)
        } else {
            pool[Int.random(in: 0..<256, using: &generator)] = input
        }
    }

    private mutating func pick(_ list: [[UInt8]]) -> [UInt8] {
        list[Int.random(in: 0..<list.count, using: &generator)]
    }

    private mutating func place(_ bytes: [UInt8]) -> Int {
        Int.random(in: 0...bytes.count, using: &generator)
    }

    private mutating func range(_ bytes: [UInt8]) -> Range<Int> {
        let (a, b) = (place(bytes), place(bytes))
        return min(a, b)..<max(a, b)
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0 where !bytes.isEmpty:
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1 where !bytes.isEmpty:
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                in: 0...255, using: &generator)
        case 2: bytes.insert(contentsOf: pick(words), at: place(bytes))
        case 3: bytes.replaceSubrange(range(bytes), with: pick(words))
        case 4: bytes.removeSubrange(range(bytes))
        case 5:
            let copy = bytes[range(bytes)].prefix(512)
            let times = Int.random(in: 1...9, using: &generator)
            for _ in 0..<times { bytes.insert(contentsOf: copy, at: place(bytes)) }
        case 6:
            let other = pick(seeds)
            bytes = Array(bytes[..<place(bytes)] + other[place(other)...])
        default: bytes = Array(bytes[..<place(bytes)])
        }
    }
}
