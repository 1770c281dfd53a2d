public import Foundation

/// H.264 byte stream (Annex B), cut into coded frames.
public struct AnnexB: Sendable {
    /// Coded frame: its NAL units in order, without start codes.
    public struct CodedFrame: Sendable {
        /// NAL units, parameter sets included.
        public var units: [Data]
        /// True for key frames.
        public var isKey: Bool
    }

    /// Frames in stream order.
    public private(set) var frames: [CodedFrame]
    /// First sequence and picture parameter sets.
    public let parameterSets: [Data]

    /// Parses a file; frames must be in display order.
    public init(_ path: String) throws {
        self.init(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// The same frames, made undecodable.
    public var spoiled: AnnexB {
        var spoiled = self
        spoiled.frames = frames.map { frame in
            CodedFrame(
                units: frame.units.map { $0.prefix(1) + Data(repeating: 0xFF, count: 40) },
                isKey: false)
        }
        return spoiled
    }

    init(_ stream: Data) {
        let units = Self.units(in: [UInt8](stream))
        parameterSets = [7, 8].compactMap { type in units.first { Self.type($0) == type } }
        var frames: [CodedFrame] = []
        var waiting: [Data] = []
        for unit in units {
            let isSlice = (1...5).contains(Self.type(unit))
            if isSlice && unit.count > 1 && unit[1] & 0x80 != 0 {
                // A slice whose first macroblock is 0 starts a frame, with the units before it.
                frames.append(CodedFrame(units: waiting + [unit], isKey: Self.type(unit) == 5))
                waiting = []
            } else if isSlice, !frames.isEmpty {
                frames[frames.count - 1].units.append(unit)
            } else {
                waiting.append(unit)
            }
        }
        self.frames = frames
    }

    /// NAL unit type.
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
