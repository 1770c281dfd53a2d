import EventStore
import Flow
import Foundation
import Glibc
import TestSupport

/// Search, insertion and retention of an event store with a million objects on this machine.
///
/// Printed are objects inserted a second, the median and longest time of the first page of each filter over 30
/// alternating rounds, the share of one core that 16 events a second take, then the size of the file before and after
/// retention, and the longest search meanwhile.
///
///     swift run -c release event-store-bench [OBJECTS]
@main
struct EventStoreBench {
    static func main() throws {
        let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000
        let scratch = try Scratch()
        let folder = StoreFolder(scratch.path("store"))
        try fill(folder, count)
        let reader = try StoreReader(folder)
        try search(reader, count)
        try watch(folder)
        try retain(folder, reader, count)
    }

    private static func fill(_ folder: StoreFolder, _ count: Int) throws {
        let writer = try StoreWriter(folder) { print($0) }
        let thread = try Worker(name: "store") { writer.run() }
        let start = ProcessInfo.processInfo.systemUptime
        for track in 0..<count {
            for event in SyntheticEvents.events(of: track) { writer.post(event) }
            // The queue is bounded: wait where a camera would lose events.
            while track % 100 == 0 && 3 * track - writer.counts.written > 4000 { usleep(1000) }
        }
        writer.close()
        thread.join()
        let seconds = ProcessInfo.processInfo.systemUptime - start
        print(
            "\(count) objects with \(writer.counts.written) events inserted in \(Int(seconds)) s, "
                + "\(Int(Double(count) / seconds)) objects/s; \(writer.counts.lost) lost; "
                + "\(size(folder) >> 20) MiB")
    }

    private static func search(_ reader: StoreReader, _ count: Int) throws {
        var times: [String: [Double]] = [:]
        for _ in 0..<30 {
            for (name, query) in SyntheticEvents.queries(count) {
                times[name, default: []].append(try time(reader, query))
            }
        }
        for (name, _) in SyntheticEvents.queries(count) {
            let sorted = times[name]?.sorted() ?? []
            print(
                name.padding(toLength: 32, withPad: " ", startingAt: 0)
                    + String(
                        format: "median %6.2f ms, longest %6.2f ms", sorted[sorted.count / 2] * 1e3,
                        sorted[sorted.count - 1] * 1e3))
        }
    }

    private static func time(_ reader: StoreReader, _ query: ObjectQuery) throws -> Double {
        let start = ProcessInfo.processInfo.systemUptime
        _ = try reader.objects(query)
        return ProcessInfo.processInfo.systemUptime - start
    }

    /// Removes old objects, 50,000 at most, while searches go on.
    private static func retain(_ folder: StoreFolder, _ reader: StoreReader, _ count: Int) throws {
        let before = size(folder)
        var retention = StoreWriter.Retention()
        retention.keepSize = before / 10
        let writer = try StoreWriter(folder, retention: retention) { print($0) }
        let thread = try Worker(name: "store") { writer.run() }
        let start = ProcessInfo.processInfo.systemUptime
        var (longest, removed) = (0.0, -1)
        while removed < min(count / 2, 50_000) {
            removed = writer.counts.removed
            for (_, query) in SyntheticEvents.queries(count) {
                longest = max(longest, try time(reader, query))
            }
            usleep(500_000)
        }
        writer.close()
        thread.join()
        print(
            "retention: \(removed) objects removed in \(Int(ProcessInfo.processInfo.systemUptime - start)) s, "
                + "\(before >> 20) to \(size(folder) >> 20) MiB; "
                + String(format: "longest search meanwhile %.1f ms", longest * 1e3))
    }

    /// Processor time while each of 16 cameras has an event a second.
    private static func watch(_ folder: StoreFolder) throws {
        let writer = try StoreWriter(folder) { print($0) }
        let thread = try Worker(name: "store") { writer.run() }
        sleep(2)
        let (start, seconds) = (clock(), 20)
        var longest = 0.0
        for number in 0..<(16 * seconds) {
            let begin = ProcessInfo.processInfo.systemUptime
            writer.post(SyntheticEvents.events(of: 10_000_000 + number / 3)[number % 3])
            longest = max(longest, ProcessInfo.processInfo.systemUptime - begin)
            usleep(62_500)
        }
        let used = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        writer.close()
        thread.join()
        print(
            String(
                format: "16 events a second: %.2f %% of one core, longest hand-over %.2f ms",
                used / Double(seconds) * 100, longest * 1e3))
    }

    private static func size(_ folder: StoreFolder) -> Int {
        let facts = try? FileManager.default.attributesOfItem(atPath: folder.database)
        return facts?[.size] as? Int ?? 0
    }
}
