import Foundation
import Scene

/// Boxes of a MOTChallenge text file: frame (from 1), identity, left, top, width, height; followed in a ground
/// truth by 1, class and visibility, in results by the score and -1.
struct TracksFile {
    /// One line of the file.
    struct Line {
        var frame: Int
        var object: TrackedObject
        /// Visible fraction, 0 to 1; 1 in results, which lack it.
        var visibility: Float
    }

    let lines: [Line]
    private let frames: [Int: [TrackedObject]]

    /// Parse error with file and line.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    init(contentsOf path: String) throws {
        lines = try String(contentsOfFile: path, encoding: .utf8)
            .split(whereSeparator: \.isNewline).enumerated().map { number, text in
                guard let line = Line(text) else {
                    throw Failure(
                        description: "\(path), line \(number + 1): not a box of a MOT file")
                }
                return line
            }
        frames = Dictionary(grouping: lines, by: \.frame).mapValues { $0.map(\.object) }
    }

    /// Objects of a frame; frames count from 1.
    func objects(frame: Int) -> [TrackedObject] { frames[frame] ?? [] }
}

extension TracksFile.Line {
    /// Parses a line; nil unless it has at least seven fields, all numbers.
    init?(_ text: Substring) {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false)
            .map { Float($0.trimmingCharacters(in: .whitespaces)) }
        let values = numbers.compactMap { $0 }
        guard values.count == numbers.count, values.count >= 7, let frame = Int(exactly: values[0]),
            let id = Int(exactly: values[1]),
            let given = values.count > 7 ? Int(exactly: values[7]) : -1
        else { return nil }
        let box = Box(x: values[2], y: values[3], width: values[4], height: values[5])
        object = TrackedObject(
            id: id, classIndex: max(1, given) - 1, score: values[6], box: box, isPredicted: false)
        visibility = values.count > 8 && values[8] >= 0 ? values[8] : 1
        self.frame = frame
    }
}
