public import Foundation

/// An H.264 byte stream, cut into the pictures that a camera would send one by one.
public struct AnnexB: Sendable {
    /// One coded picture: its units in order, without start codes.
    public struct Picture: Sendable {
        /// Network abstraction layer units, parameter sets included.
        public var units: [Data]
        /// Decoding can start here.
        public var isKey: Bool
    }

    /// All pictures, in the order of the stream.
    public private(set) var frames: [Picture]
    /// The first sequence and picture parameter set.
    public let parameterSets: [Data]

    /// Cuts a file up; pictures must come in the order in which they are shown.
    public init(_ path: String) throws {
        self.init(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// The same pictures, of which nothing can be decoded any more.
    public var spoiled: AnnexB {
        var spoiled = self
        spoiled.frames = frames.map { frame in
            Picture(
                units: frame.units.map { $0.prefix(1) + Data(repeating: 0xFF, count: 40) },
                isKey: false)
        }
        return spoiled
    }

    init(_ stream: Data) {
        let units = Self.units(in: [UInt8](stream))
        parameterSets = [7, 8].compactMap { type in units.first { Self.type($0) == type } }
        var frames: [Picture] = []
        var waiting: [Data] = []
        for unit in units {
            let isSlice = (1...5).contains(Self.type(unit))
            if isSlice && unit.count > 1 && unit[1] & 0x80 != 0 {
                // The number of the first block is zero: a picture begins, with all that came before it.
                frames.append(Picture(units: waiting + [unit], isKey: Self.type(unit) == 5))
                waiting = []
            } else if isSlice, !frames.isEmpty {
                frames[frames.count - 1].units.append(unit)
            } else {
                waiting.append(unit)
            }
        }
        self.frames = frames
    }

    /// The five bits that say what a unit is.
    static func type(_ unit: Data) -> Int { Int((unit.first ?? 0) & 0x1F) }

    private static func units(in bytes: [UInt8]) -> [Data] {
        var starts: [(code: Int, body: Int)] = []
        var index = 0
        while index + 3 <= bytes.count {
            if bytes[index] == 0 && bytes[index + 1] == 0 && bytes[index + 2] == 1 {
                starts.append((index, index + 3))
                index += 3
            } else {
                index += 1
            }
        }
        return starts.indices.map { place in
            var end = place + 1 < starts.count ? starts[place + 1].code : bytes.count
            while end > starts[place].body && bytes[end - 1] == 0 { end -= 1 }
            return Data(bytes[starts[place].body..<end])
        }
    }
}
