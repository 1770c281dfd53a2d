import Foundation

/// `road-scene`: renders a synthetic dashcam clip and writes it with its exact ground truth.
@main
enum RoadScene {
    private static let usage = """
        usage: road-scene -o CLIP.mp4 [--light day|dusk] [--seconds 10] [--seed 7] [--size 640x360]
        Writes CLIP.mp4 and its ground truth CLIP.mot.txt. The same seed gives the same frames.

        """

    static func main() {
        do {
            guard let arguments = Arguments(Array(CommandLine.arguments.dropFirst())) else {
                try FileHandle.standardError.write(contentsOf: Data(usage.utf8))
                exit(64)
            }
            if let frame = arguments.stillFrame { return try still(arguments, frame) }
            try ClipFile.write(arguments.settings, to: arguments.path) { number in
                if number % 30 == 0 { print("\(number) of \(arguments.settings.frames) frames") }
            }
        } catch {
            try? FileHandle.standardError.write(contentsOf: Data("road-scene: \(error)\n".utf8))
            exit(1)
        }
    }

    /// Writes one frame as a portable pixmap.
    private static func still(_ arguments: Arguments, _ number: Int) throws {
        var clip = Clip(arguments.settings)
        for _ in 0..<number { clip.skip() }
        let header = Data("P6 \(arguments.settings.width) \(arguments.settings.height) 255\n".utf8)
        try (header + Data(clip.next().rgb)).write(to: URL(fileURLWithPath: arguments.path))
    }
}

/// Parsed command line.
struct Arguments {
    var settings = ClipSettings()
    var path = ""
    var stillFrame: Int?

    /// Parses the arguments; nil when they are invalid.
    init?(_ arguments: [String]) {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard let value = rest.popFirst(), take(name, value) else { return nil }
        }
        guard stillFrame != nil || path.hasSuffix(".mp4") else { return nil }
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        switch name {
        case "-o": path = value
        case "--still":
            guard let frame = Int(value), (0..<18_000).contains(frame) else { return false }
            stillFrame = frame
        case "--light":
            guard let daylight = Daylight(rawValue: value) else { return false }
            settings.daylight = daylight
        case "--seconds":
            guard let seconds = Double(value), seconds > 0, seconds <= 600 else { return false }
            settings.seconds = seconds
        case "--seed":
            guard let seed = UInt64(value) else { return false }
            settings.seed = seed
        case "--size": return takeSize(value)
        default: return false
        }
        return true
    }

    private mutating func takeSize(_ value: String) -> Bool {
        let texts = value.split(separator: "x", omittingEmptySubsequences: false)
        let sides = texts.compactMap { Int($0) }
        guard texts.count == 2, sides.count == 2,
            sides.allSatisfy({ $0 >= 32 && $0 <= 4096 && $0 % 4 == 0 })
        else {
            return false
        }
        settings.width = sides[0]
        settings.height = sides[1]
        return true
    }
}
