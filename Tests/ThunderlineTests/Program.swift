import Foundation
import TestSupport
import Testing

/// The built program, found beside the test bundle, by `THUNDERLINE_PROGRAM`, or in the checkout's release folder.
enum Program {
    /// Path of the program; nil, with a printed skip, where there is none.
    static let path: String? = {
        let environment = ProcessInfo.processInfo.environment["THUNDERLINE_PROGRAM"]
        let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let places =
            [environment].compactMap { $0 } + [
                bundle.deletingLastPathComponent().appendingPathComponent("thunderline").path,
                Shared.root.appendingPathComponent(".build/release/thunderline").path,
            ]
        let found = places.first { FileManager.default.isExecutableFile(atPath: $0) }
        if found == nil { print("SKIPPED: no built program in \(places.joined(separator: ", "))") }
        return found
    }()

    /// Options of a quick run: a small input and the fastest encoder.
    static let quick = ["--input", "320x192", "--preset", "ultrafast"]

    /// The program as a command, with the folder of relative outputs.
    static func command(in folder: URL? = nil) throws -> Command {
        Command([try #require(path)], folder: folder)
    }

    /// Runs the program to its end.
    static func run(
        _ arguments: [String], in folder: URL? = nil, input: URL? = nil,
        during: (Process) throws -> Void = { _ in }
    ) throws -> Command.Ended {
        try command(in: folder).run(arguments, input: input, during: during)
    }

    /// `detect` with quick options.
    static func detect(_ arguments: [String], in folder: URL? = nil, input: URL? = nil) throws
        -> Command.Ended
    {
        try run(["detect"] + arguments + quick, in: folder, input: input)
    }

    /// Results that `detect` prints for these arguments, one object per frame.
    static func results(_ arguments: [String]) throws -> [FrameLine] {
        let ended = try detect(arguments + ["--no-video", "--results", "-"])
        #expect(ended.status == 0, "\(ended.standardError)")
        return try FrameLine.all(ended.data)
    }
}

/// One line of NDJSON results.
struct FrameLine: Decodable {
    struct Object: Decodable {
        let `class`: String
        let score: Double
        let id: Int
        let box: [Double]
        let predicted: Bool
    }

    let source: String
    let frame: Int
    let pts: Int64
    let time: Double
    let fate: String
    let objects: [Object]

    /// All lines of a file.
    static func all(_ data: Data) throws -> [FrameLine] {
        try data.split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(FrameLine.self, from: Data($0))
        }
    }
}

/// All tests of the whole program: one after another, since each uses every core.
@Suite(.serialized, .enabled(if: Program.path != nil, "the program is not built"))
enum ProgramTests {}
