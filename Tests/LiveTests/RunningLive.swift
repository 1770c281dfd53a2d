import Flow
import Foundation
import Pipeline
import Synchronization
import TestSupport

@testable import Configuration
@testable import Live

/// Run over cameras in the background.
final class RunningLive: Sendable {
    let run: LiveRun
    private let lines: Lines
    private let stop = StopSignal()
    private let worker: Worker<LiveReport, Never>

    private final class Lines: Sendable {
        let printed = Mutex<[String]>([])
    }

    /// Starts the run, with a page on a free port.
    init(_ description: LiveDescription) throws {
        var description = description
        description.page.address = "127.0.0.1:0"
        let lines = Lines()
        let console = Console(isQuiet: false, isTerminal: false) { line in
            lines.printed.withLock { $0.append(line) }
        }
        let run = try LiveRun(description, console: console, stop: stop)
        (self.lines, self.run) = (lines, run)
        worker = try Worker(name: "run") { run.run() }
    }

    deinit { stop.ask() }

    /// Lines printed so far.
    var printed: [String] { lines.printed.withLock { $0 } }

    /// Address of the page without its last slash.
    var page: String? {
        let mark = "The page is at "
        wait(10) { printed.contains { $0.hasPrefix(mark) } }
        return printed.first { $0.hasPrefix(mark) }
            .map { $0.dropFirst(mark.count).filter { $0 != "\n" } }
            .map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }

    /// Waits until a condition holds, for at most `seconds`.
    func wait(_ seconds: Double, until isTrue: () -> Bool) {
        let end = ProcessInfo.processInfo.systemUptime + seconds
        while ProcessInfo.processInfo.systemUptime < end && !isTrue() { usleep(10_000) }
    }

    /// Stops the run and returns its report.
    func end() -> LiveReport {
        stop.ask()
        return worker.join()
    }
}
