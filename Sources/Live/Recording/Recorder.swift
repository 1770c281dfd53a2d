internal import Configuration
internal import Flow
internal import Foundation
internal import Pipeline
internal import Scene
internal import Video

/// The recorder of one camera, as the threads that feed it and ask of it see it.
///
/// None of them ever waits for the disk: what they hand over waits in a bounded queue for the recorder's own thread,
/// and what does not fit is counted.
final class Recorder: Sendable {
    /// What came of asking for a clip.
    enum Answer: Sendable, Equatable {
        /// It grows, or will: its path in the folder of recordings, without an ending that is not known yet.
        case made(String)
        /// Why there can be none.
        case refused(String)
    }

    /// A clip that was asked for.
    struct Clip: Sendable {
        let name: RecordingName
        /// When it was asked for first and when it ends, in nanoseconds of the monotonic clock.
        let asked: UInt64
        var end: UInt64
    }

    private struct State: Sendable {
        var status = RecordingStatus()
        var videoStream: Int?
        /// A packet was left out, so that what follows means nothing until the next key picture.
        var isBroken = false
        var clip: Clip?
    }

    let camera: CameraDescription
    let record: RecordDescription
    let clips: ClipsDescription
    let settings: DetectionContext
    let folder: RecordingFolder
    let queue = RecorderQueue()
    private let clipClasses: Set<String>
    private let state = Lock(State())

    /// Seconds that a clip lasts at most, however often it is asked for meanwhile.
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

    /// Whether packets come from an address of their own.
    var hasMainStream: Bool { camera.main != nil }
    /// Whether it wants pictures to draw on.
    var wantsPictures: Bool { record.what == .annotated }
    /// Whether it wants to know what was followed in each picture.
    var wantsObjects: Bool { record.what == .packets && record.results }

    /// What there is to say of it now.
    var status: RecordingStatus {
        var status = state.withLock { $0.status }
        status.delay = queue.delay
        return status
    }

    /// Changes what is said of it.
    func update(_ change: (inout RecordingStatus) -> Void) {
        state.withLock { change(&$0.status) }
    }

    /// A connection stands; packets come from this source.
    func begin(_ source: SourceDescription) {
        state.withLock { state in
            state.videoStream = source.videoStream
            state.isBroken = false
        }
        _ = queue.offer(.begin(source))
    }

    /// The connection is gone, for a reason without secrets.
    func lose(_ reason: String) {
        state.withLock { $0.videoStream = nil }
        _ = queue.offer(.end(reason))
    }

    /// Takes a packet; after one that did not fit, only from the next key picture on.
    func take(_ packet: consuming Packet) {
        let (size, isKey, stream) = (packet.size + 256, packet.isKey, packet.stream)
        let isWanted = state.withLock { state in
            guard state.isBroken, !(isKey && stream == state.videoStream) else { return true }
            state.status.lost += 1
            return false
        }
        guard isWanted else { return }
        let isIn = queue.offer(.packet(SharedPacket(packet)), cost: size)
        state.withLock { state in
            state.isBroken = !isIn
            if !isIn { state.status.lost += 1 }
        }
    }

    /// Takes a picture to be drawn on, or what was followed in it.
    func take(_ frame: borrowing Frame, _ objects: [TrackedObject]) {
        if wantsPictures {
            guard let copy = try? frame.shared(),
                queue.offer(.picture(copy, objects), cost: frame.byteCount)
            else { return state.withLock { $0.status.lost += 1 } }
        } else if wantsObjects {
            let picture = TrackedFrame(
                arrival: frame.arrival, ticks: frame.timestamp.ticks, isDamaged: frame.isDamaged,
                objects: objects)
            _ = queue.offer(.followed(picture), cost: 64 + 64 * objects.count)
        }
    }

    /// Makes a clip when an object of a chosen class comes; returns the clip's path.
    func note(_ event: ObjectEvent) -> String? {
        guard event.kind == .begin,
            clipClasses.contains(settings.classNames[event.object.classIndex]),
            case .made(let path) = askForClip()
        else { return nil }
        return path
    }

    /// Asks for a clip of the seconds around now; one that grows already is prolonged.
    func askForClip(now: UInt64 = MonotonicClock.system.now) -> Answer {
        let (answer, isNew) = state.withLock { state -> (Answer, Bool) in
            guard state.videoStream != nil else {
                return (.refused("Nothing comes from the camera at present."), false)
            }
            if state.status.state == .stopped {
                return (.refused(state.status.reason ?? "Recording is stopped."), false)
            }
            let end = now + UInt64(clips.after * 1e9)
            if var clip = state.clip {
                clip.end = min(end, clip.asked + UInt64(Self.longestClip * 1e9))
                state.clip = clip
                return (.made(Self.path(clip.name)), false)
            }
            let name = RecordingName(camera: camera.name, at: Date(), isClip: true)
            state.clip = Clip(name: name, asked: now, end: end)
            state.status.clip = Self.path(name)
            return (.made(Self.path(name)), true)
        }
        guard isNew, !queue.offer(.clip) else { return answer }
        forgetClip()
        return .refused("Recording has ended, or is too far behind.")
    }

    /// Whether a connection stands.
    var isConnected: Bool { state.withLock { $0.videoStream != nil } }

    /// The clip that is asked for and not finished.
    var clip: Clip? { state.withLock { $0.clip } }

    /// The clip is finished, or there can be none.
    func forgetClip() {
        state.withLock { state in
            state.clip = nil
            state.status.clip = nil
        }
    }

    /// Where a finished recording of this camera may be found, named with its ending, or without it as events name
    /// it; nothing for other names.
    func finished(_ file: String) -> [String] {
        return ([file] + ["mp4", "mkv"].map { "\(file).\($0)" }).filter {
            RecordingName(file: $0, camera: camera.name)?.isFinished(as: $0) == true
        }
        .map { "\(folder.path)/\(camera.name)/\($0)" }
    }

    private static func path(_ name: RecordingName) -> String { "\(name.camera)/\(name.stem)" }
}
