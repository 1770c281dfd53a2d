import Foundation
import Pixels
import TestSupport
import Testing

/// Small picture as text: hexadecimal digits for each sample, dots for unchanged background, one block of lines per
/// plane.
struct GoldenPicture {
    let format: PixelFormat
    let width: Int
    let height: Int
    /// All samples, plane by plane, without the unused bits of their words.
    let samples: [Int]

    /// Sample value of the background: the middle of the range.
    static func ground(_ format: PixelFormat) -> Int { 1 << (format.depth - 1) }

    /// Bytes of a picture that is all background.
    static func groundBytes(_ format: PixelFormat, count: Int) -> [UInt8] {
        let word = ground(format) << format.shift
        guard format.bytesPerSample == 2 else {
            return [UInt8](repeating: UInt8(word), count: count)
        }
        return (0..<count).map { UInt8(truncatingIfNeeded: $0 % 2 == 0 ? word : word >> 8) }
    }

    /// Creates a picture from bytes; unused bits must be zero.
    init(_ bytes: [UInt8], _ format: PixelFormat, _ width: Int, _ height: Int) {
        (self.format, self.width, self.height) = (format, width, height)
        let size = format.bytesPerSample
        samples = stride(from: 0, to: bytes.count, by: size).map { place in
            let word = Int(bytes[place]) | (size == 2 ? Int(bytes[place + 1]) << 8 : 0)
            #expect(word & ((1 << format.shift) - 1) == 0, "unused bits are set")
            return word >> format.shift
        }
    }

    /// Compares with a golden file: the mean difference of samples must not exceed `tolerance`.
    ///
    /// `THUNDERLINE_REGENERATE_GOLDENS=1` rewrites the file.
    func compare(with name: String, tolerance: Double) throws {
        let file = Shared.root.appendingPathComponent("Tests/OverlayTests/Golden/\(name).txt")
        if ProcessInfo.processInfo.environment["THUNDERLINE_REGENERATE_GOLDENS"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let golden = try String(contentsOf: file, encoding: .utf8)
            .split(whereSeparator: \.isWhitespace)
            .map { Int($0, radix: 16) ?? Self.ground(format) }
        try #require(golden.count == samples.count)
        let differences = zip(golden, samples).map { abs(Double($0) - Double($1)) }
        let mean = differences.reduce(0, +) / Double(samples.count)
        #expect(mean <= tolerance, "\n\(text)")
        if tolerance <= 1 { #expect(differences.allSatisfy { $0 <= tolerance }) }
    }

    private var text: String {
        var blocks: [String] = []
        var rest = samples[...]
        for plane in 0..<format.planeCount {
            let columns =
                format.columns(ofPlane: plane, width: width)
                * format.samplesPerColumn(ofPlane: plane)
            let lines = (0..<format.rows(ofPlane: plane, height: height)).map { _ in
                let row = rest.prefix(columns)
                rest = rest.dropFirst(columns)
                return row.map(digits).joined(separator: " ")
            }
            blocks.append(lines.joined(separator: "\n") + "\n")
        }
        return blocks.joined(separator: "\n")
    }

    private func digits(_ sample: Int) -> String {
        let count = (format.depth + 3) / 4
        guard sample != Self.ground(format) else { return String(repeating: ".", count: count) }
        let digits = String(sample, radix: 16)
        return String(repeating: "0", count: count - digits.count) + digits
    }
}
