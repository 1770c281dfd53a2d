internal import Analytics
internal import Configuration
internal import EventStore
internal import Flow
internal import Foundation
internal import Pipeline
internal import Scene

/// Hands events to the event store as they are written; never waits.
struct StoreRelay {
    private let writer: StoreWriter

    init(_ writer: StoreWriter) { self.writer = writer }

    /// Posts an event with its NDJSON object and a picture, which may be empty.
    func post(_ record: EventRecord, _ line: String, of camera: Camera, picture: [UInt8]) {
        let object = record.event.object
        var event = NewEvent(
            camera: record.camera, className: record.className, kind: record.event.kind.rawValue,
            track: object.id, time: Int((record.time.timeIntervalSince1970 * 1000).rounded()),
            score: Double(object.score),
            box: "[" + DecimalText.box(object.box).joined(separator: ",") + "]",
            json: String(line.dropLast()))
        let status = camera.status
        event.size = (status.width, status.height)
        event.place = Self.place(of: record)
        event.snapshot = record.snapshot
        event.clip = record.clip
        event.picture = picture
        writer.post(event)
    }

    private static func place(of record: EventRecord) -> NewEvent.Place? {
        guard let place = record.event.place else { return nil }
        let names = record.text.names(of: place)
        switch place {
        case .line: return .line(names.place, direction: names.direction ?? "")
        case .zone(let visit): return .zone(names.place, dwell: visit.dwell)
        }
    }
}

/// Writer and reader of a run's event store.
struct OpenStore: Sendable {
    let writer: StoreWriter
    let reader: StoreReader

    /// Opens the store of a description; nil without one.
    ///
    /// - Throws: A `RunError` when it cannot be written.
    init?(_ store: StoreDescription, console: Console) throws(RunError) {
        guard let path = store.folder else { return nil }
        let clock = Lock(RetentionClock())
        do throws(StoreError) {
            let folder = StoreFolder(path)
            writer = try StoreWriter(
                folder, retention: Self.retention(store),
                mayRemoveOld: { Self.isSteady(clock) }, report: { console.error($0) })
            reader = StoreReader(later: folder)
        } catch {
            throw RunError(.notWritable, error.message)
        }
    }

    private static func retention(_ store: StoreDescription) -> StoreWriter.Retention {
        var retention = StoreWriter.Retention()
        retention.keepFor = store.keepFor.others
        retention.keepForClass = store.keepFor.classes
        retention.keepSize = store.keepSize
        return retention
    }

    /// True while ages can be told; recordings print when that changes.
    private static func isSteady(_ clock: Lock<RetentionClock>) -> Bool {
        clock.withLock {
            $0.judge(
                wall: Date().timeIntervalSince1970,
                uptime: Double(MonotonicClock.system.now) / 1e9
            ).isSteady
        }
    }
}
