internal import Analytics
internal import Configuration
internal import Flow
internal import Foundation
internal import Overlay
internal import Pipeline
internal import Scene
internal import Video

/// Recorder of one camera, as seen by the threads that feed it and request clips.
///
/// None of them ever waits for the disk: input goes through a bounded queue to the recorder's own
/// thread, and what does not fit is counted.
final class Recorder: Sendable {
    /// Response to a request for a clip.
    enum ClipResponse: Sendable, Equatable {
        /// The clip is being written, or will be: its path in the folder of recordings, without
        /// extension.
        case accepted(String)
        /// Reason why there can be none.
        case refused(String)
    }

    /// Requested clip.
    struct Clip: Sendable {
        let name: RecordingName
        /// Time of the first request, in nanoseconds of the monotonic clock.
        let requestedAt: UInt64
        /// Time at which the clip ends, in nanoseconds of the monotonic clock.
        var end: UInt64
    }

    private struct State: Sendable {
        var status = RecordingStatus()
        var videoStream: Int?
        /// True when a packet was lost: packets are useless until the next key frame.
        var isBroken = false
        var clip: Clip?
    }

    let camera: CameraDescription
    let record: RecordDescription
    let clips: ClipsDescription
    let settings: DetectionContext
    let folder: RecordingFolder
    let queue = RecorderQueue()
    /// Zones and lines with their counts, drawn on annotated recordings.
    let shapes = Lock<[OverlayShape]>([])
    private let clipClasses: Set<String>
    private let state = Lock(State())

    /// Longest clip in seconds, however often it is prolonged.
    static let longestClip = 600.0

    init(
        _ camera: CameraDescription, _ live: LiveDescription, _ settings: DetectionContext,
        folder: RecordingFolder
    ) {
        self.camera = camera
        record = live.record
        clips = live.clips
        self.settings = settings
        self.folder = folder
        clipClasses = Set(live.clips.classes)
        state.withLock { $0.status.state = .waiting }
    }

    /// True when packets come from a second address of the camera.
    var hasMainStream: Bool { camera.main != nil }
    /// True when it needs frames to draw on.
    var wantsFrames: Bool { record.what == .annotated }
    /// True when it needs the tracked objects of each frame.
    var wantsObjects: Bool { record.what == .packets && record.results }

    /// Snapshot of the status.
    var status: RecordingStatus {
        var status = state.withLock { $0.status }
        status.delay = Double(queue.oldestAge) / 1e9
        return status
    }

    /// Changes the reported status.
    func update(_ change: (inout RecordingStatus) -> Void) {
        state.withLock { change(&$0.status) }
    }

    /// Begins a connection; packets come from this source.
    func connected(_ source: SourceDescription) {
        state.withLock { state in
            state.videoStream = source.videoStream
            state.isBroken = false
        }
        _ = queue.accepts(.connected(source))
    }

    /// Ends the connection, for a reason without credentials.
    func disconnected(_ reason: String) {
        state.withLock { $0.videoStream = nil }
        _ = queue.accepts(.disconnected(reason))
    }

    /// Records a packet; after one that did not fit, only from the next key frame on.
    func receive(_ packet: consuming Packet) {
        let (size, isKey, stream) = (packet.size + 256, packet.isKey, packet.stream)
        let isUsable = state.withLock { state in
            guard state.isBroken, !(isKey && stream == state.videoStream) else { return true }
            state.status.lost += 1
            return false
        }
        guard isUsable else { return }
        let isAccepted = queue.accepts(.packet(SharedPacket(packet)), cost: size)
        state.withLock { state in
            state.isBroken = !isAccepted
            if !isAccepted { state.status.lost += 1 }
        }
    }

    /// Records a frame to be drawn on, or its tracked objects.
    func receive(_ frame: borrowing Frame, _ objects: [TrackedObject]) {
        if wantsFrames {
            guard let copy = try? frame.shared(),
                queue.accepts(.frame(copy, objects), cost: frame.byteCount)
            else { return state.withLock { $0.status.lost += 1 } }
        } else if wantsObjects {
            let tracked = TrackedFrame(
                arrival: frame.arrival, ticks: frame.timestamp.ticks, isDamaged: frame.isDamaged,
                objects: objects)
            _ = queue.accepts(.tracked(tracked), cost: 64 + 64 * objects.count)
        }
    }

    /// Requests a clip when an object of a chosen class appears; returns the clip's path.
    func note(_ event: ObjectEvent) -> String? {
        guard event.kind == .begin,
            clipClasses.contains(settings.classNames[event.object.classIndex]),
            case .accepted(let path) = requestClip()
        else { return nil }
        return path
    }

    /// Requests a clip of the seconds around now; one that is being written is prolonged.
    func requestClip(now: UInt64 = MonotonicClock.system.now) -> ClipResponse {
        let (response, isNew) = state.withLock { state -> (ClipResponse, Bool) in
            guard state.videoStream != nil else {
                return (.refused("The camera sends nothing at present."), false)
            }
            if state.status.state == .stopped {
                return (.refused(state.status.reason ?? "Recording is stopped."), false)
            }
            let end = now + UInt64(clips.after * 1e9)
            if var clip = state.clip {
                clip.end = min(end, clip.requestedAt + UInt64(Self.longestClip * 1e9))
                state.clip = clip
                return (.accepted(Self.path(clip.name)), false)
            }
            let name = RecordingName(camera: camera.name, at: Date(), isClip: true)
            state.clip = Clip(name: name, requestedAt: now, end: end)
            state.status.clip = Self.path(name)
            return (.accepted(Self.path(name)), true)
        }
        guard isNew, !queue.accepts(.clipRequested) else { return response }
        clearClip()
        return .refused("Recording has ended.")
    }

    /// True while a connection exists.
    var isConnected: Bool { state.withLock { $0.videoStream != nil } }

    /// Requested clip that is not finished.
    var clip: Clip? { state.withLock { $0.clip } }

    /// Clears the requested clip, when it is finished or cannot be made.
    func clearClip() {
        state.withLock { state in
            state.clip = nil
            state.status.clip = nil
        }
    }

    /// Folder of this camera's recordings.
    var cameraFolder: String { "\(folder.path)/\(camera.name)" }

    /// Names in that folder under which a finished recording may be found.
    ///
    /// - Parameter file: Name with extension, or without it as events name clips.
    /// - Returns: No name that is not of this camera's recordings.
    func finished(_ file: String) -> [String] {
        ([file] + ["mp4", "mkv"].map { "\(file).\($0)" }).filter {
            RecordingName(file: $0, camera: camera.name)?.isFinished(as: $0) == true
        }
    }

    private static func path(_ name: RecordingName) -> String { "\(name.camera)/\(name.stem)" }
}
