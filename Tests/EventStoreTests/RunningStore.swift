import EventStore
import Flow
import Foundation
import Synchronization
import TestSupport

@testable import EventStore

/// Store in a folder of its own, written by a thread of its own.
final class RunningStore: Sendable {
    let writer: StoreWriter
    let folder: StoreFolder
    private let reports = Warnings()
    private let thread: Worker<Void, Never>

    private final class Warnings: Sendable {
        let texts = Mutex<[String]>([])
    }

    init(_ path: String, retention: StoreWriter.Retention = .init()) throws {
        folder = StoreFolder(path)
        let reports = reports
        let writer = try StoreWriter(folder, retention: retention) { text in
            reports.texts.withLock { $0.append(text) }
        }
        self.writer = writer
        thread = try Worker(name: "store") { writer.run() }
    }

    deinit { writer.close() }

    /// Warnings so far.
    var warnings: [String] { reports.texts.withLock { $0 } }

    /// Writes what waits and ends the thread.
    func end() {
        writer.close()
        thread.join()
    }

    /// Waits until a condition holds, for at most ten seconds.
    func wait(until isTrue: () -> Bool) {
        let end = ProcessInfo.processInfo.systemUptime + 10
        while ProcessInfo.processInfo.systemUptime < end && !isTrue() { usleep(5000) }
    }

    /// Posts the begin of an object, and its end when it is over.
    func post(
        _ track: Int, _ className: String = "car", camera: String = "gate", at time: Int,
        isOver: Bool = true
    ) {
        writer.post(NewEvent(track, "begin", className, camera: camera, at: time))
        if isOver {
            writer.post(NewEvent(track, "end", className, camera: camera, at: time + 1000))
        }
    }
}

extension NewEvent {
    /// Event of a box whose JSON names its kind and track.
    init(
        _ track: Int, _ kind: String, _ className: String = "car", camera: String = "gate",
        at time: Int, score: Double = 0.5
    ) {
        self.init(
            camera: camera, className: className, kind: kind, track: track, time: time,
            score: score, box: "[1,2,30,40]",
            json: "{\"event\":\"\(kind)\",\"id\":\(track)}")
    }
}
