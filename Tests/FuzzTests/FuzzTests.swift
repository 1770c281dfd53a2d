import Foundation
import Glibc
import TestSupport
import Testing

/// Parsers under random input: no crash, no hang, no broken promise of ``FuzzTarget``.
///
/// `THUNDERLINE_FUZZ_SECONDS` sets the time of all targets together (2 s by default), and
/// `THUNDERLINE_FUZZ_SEED` the beginning of the random numbers. An input that ends the process is left in
/// `.build/fuzz`: keep it as a file in `Tests/FuzzTests/Seeds/TARGET` once the defect is mended.
@Suite(.serialized)
struct FuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    /// Seconds after which one input counts as a hang.
    private static let patience: UInt32 = 20

    private static func seeds(of target: FuzzTarget) throws -> [[UInt8]] {
        let folder = Shared.root.appendingPathComponent("Tests/FuzzTests/Seeds/\(target)")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            [UInt8](try Data(contentsOf: folder.appendingPathComponent($0)))
        }
    }

    /// Folder for the input that is being read.
    private static func journal(_ target: FuzzTarget) throws -> String {
        let folder = Shared.root.appendingPathComponent(".build/fuzz")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.appendingPathComponent("\(target).input").path
    }

    @Test(arguments: FuzzTarget.allCases)
    func keptSeedsAreRead(target: FuzzTarget) throws {
        let seeds = try Self.seeds(of: target)
        #expect(!seeds.isEmpty)
        let scratch = try Scratch()
        for seed in seeds { _ = target.read(seed, in: scratch) }
    }

    @Test(arguments: FuzzTarget.allCases)
    func randomInputEndsNoProcess(target: FuzzTarget) async {
        await #expect(processExitsWith: .exitCode(0)) { [target] in
            try Self.fuzz(target)
            exit(0)
        }
    }

    private static func fuzz(_ target: FuzzTarget) throws {
        let total = Double(environment["THUNDERLINE_FUZZ_SECONDS"] ?? "") ?? 2
        let seed = UInt64(environment["THUNDERLINE_FUZZ_SEED"] ?? "") ?? 16
        var mutator = Mutator(seeds: try seeds(of: target), words: target.words, seed: seed)
        let end = Date(timeIntervalSinceNow: total / Double(FuzzTarget.allCases.count))
        let scratch = try Scratch()
        let journal = unsafe open(try journal(target), O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        var (seen, count): (Set<String>, Int) = ([], 0)
        while Date() < end {
            let input = mutator.next()
            _ = unsafe pwrite(journal, input, input.count, 0)
            ftruncate(journal, off_t(input.count))
            alarm(patience)
            if seen.insert(target.read(input, in: scratch)).inserted { mutator.keep(input) }
            count += 1
        }
        print("fuzz \(target): \(count) inputs, \(seen.count) ways")
    }
}
