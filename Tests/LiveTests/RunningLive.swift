import Flow
import Foundation
import Pipeline
import Synchronization
import TestSupport

@testable import Configuration
@testable import Live

/// A run of cameras in the background, as tests watch it.
final class RunningLive: Sendable {
    let run: LiveRun
    private let lines: Lines
    private let stop = StopSignal()
    private let worker: Worker<LiveReport, Never>

    private final class Lines: Sendable {
        let said = Mutex<[String]>([])
    }

    /// Starts to watch; the page is served on a port of its own.
    init(_ description: LiveDescription) throws {
        var description = description
        description.page.address = "127.0.0.1:0"
        let lines = Lines()
        let console = Console(isQuiet: false, isTerminal: false) { line in
            lines.said.withLock { $0.append(line) }
        }
        let run = try LiveRun(description, console: console, stop: stop)
        (self.lines, self.run) = (lines, run)
        worker = try Worker(name: "run") { run.run() }
    }

    deinit { stop.ask() }

    /// All that was said so far.
    var said: [String] { lines.said.withLock { $0 } }

    /// Where the page is.
    var page: String? {
        let mark = "The page is at "
        wait(10) { said.contains { $0.hasPrefix(mark) } }
        return said.first { $0.hasPrefix(mark) }
            .map { $0.dropFirst(mark.count).filter { $0 != "\n" } }
            .map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }

    /// Waits until something is true, for so many seconds at most.
    func wait(_ seconds: Double, until isTrue: () -> Bool) {
        let end = ProcessInfo.processInfo.systemUptime + seconds
        while ProcessInfo.processInfo.systemUptime < end && !isTrue() { usleep(10_000) }
    }

    /// Asks it to stop and waits for what it reports.
    func end() -> LiveReport {
        stop.ask()
        return worker.join()
    }
}
