internal import Configuration
internal import Flow
internal import Overlay
internal import Pipeline
internal import Scene
internal import Video

/// Body of a recorder's thread: writes packets or frames into files cut at key frames, and clips.
struct RecorderLoop: ~Copyable {
    private let recorder: Recorder
    private let disk: RecorderDisk
    private var parameters: ParameterWatch?
    private var recent: RecentPackets
    private var overlay: OverlayRenderer
    private var segment: Segment?
    /// Preceding file, for late audio.
    private var previous: Segment?
    private var clip: Segment?

    /// Nanoseconds for which a full file waits for late audio.
    private static let audioDelay: UInt64 = 2_000_000_000

    /// Creates a loop without files.
    ///
    /// - Throws: A `RunError` when the font cannot be used.
    init(_ recorder: Recorder, console: Console) throws(RunError) {
        overlay = try recorder.settings.makeOverlay()
        self.recorder = recorder
        disk = RecorderDisk(recorder, console: console)
        recent = RecentPackets(seconds: recorder.clips.before)
    }

    /// Records until the queue is closed, then finishes all files.
    mutating func run() {
        while let item = recorder.queue.take() {
            do throws(RunError) {
                try handle(item)
            } catch {
                stop(error)
            }
        }
        end()
        recorder.clearClip()
    }

    private mutating func handle(_ item: consuming RecorderItem) throws(RunError) {
        switch consume item {
        case .connected(let source):
            end()
            parameters = ParameterWatch(source)
        case .disconnected(let reason):
            end(reason)
            parameters = nil
        case .packet(let shared): try process(shared)
        case .frame(let frame, let objects): try process(frame, objects)
        case .tracked(let frame): try segment?.note(frame, of: recorder.camera.name)
        // The next packet begins it.
        case .clipRequested: break
        }
    }

    private mutating func process(_ shared: SharedPacket) throws(RunError) {
        guard let video = parameters?.source.videoStream else { return }
        let isVideo = shared.packet.stream == video
        let isKey = shared.packet.isKey && isVideo
        let isChanged = try noteParameters(of: shared)
        if isChanged {
            recent.clear()
            try finishClip()
        }
        recent.add(shared, isKeyFrame: isKey)
        if isKey {
            disk.warnAboutLosses()
            if recorder.record.what == .packets { try cut(at: shared, isChanged: isChanged) }
        }
        try write(shared, isVideo: isVideo)
        try writeClip(shared)
    }

    private mutating func noteParameters(of shared: SharedPacket) throws(RunError) -> Bool {
        do throws(VideoError) {
            return try parameters?.note(shared.packet) ?? false
        } catch {
            throw RunError(error)
        }
    }

    // MARK: Continuous recording

    /// Begins a new file at a key frame, where one is due.
    private mutating func cut(at shared: SharedPacket, isChanged: Bool) throws(RunError) {
        let arrival = shared.packet.arrival
        guard isDue(arrival) || isChanged || segment?.hasJumped == true else { return }
        try setAside()
        guard disk.mayWrite, let source = parameters?.source else { return }
        segment = try disk.begin(
            disk.name(at: arrival), of: source, with: shared.packet,
            hasResults: recorder.wantsObjects)
    }

    private func isDue(_ arrival: UInt64) -> Bool {
        guard let segment else { return true }
        return arrival >= segment.began + UInt64(recorder.record.segment * 1e9)
    }

    /// Writes a packet into the file whose time span contains it.
    private mutating func write(_ shared: SharedPacket, isVideo: Bool) throws(RunError) {
        guard let segment, let source = parameters?.source else { return }
        if let previous {
            let isLate = !isVideo && shared.packet.seconds(in: source) ?? 0 < segment.start
            let isOver = shared.packet.arrival > segment.began + Self.audioDelay
            if isLate && !isOver { return try previous.write(shared.packet) }
            if !isVideo || isOver { try finishPrevious() }
        }
        try segment.write(shared.packet)
        disk.note(segment)
    }

    private mutating func process(
        _ frame: consuming Frame, _ objects: [TrackedObject]
    ) throws(RunError) {
        if isDue(frame.arrival) {
            try setAside()
            guard disk.mayWrite, let source = parameters?.source else { return }
            segment = try disk.begin(disk.name(at: frame.arrival), of: source, with: frame)
        }
        guard let segment else { return }
        var frame = frame
        let shapes = recorder.shapes.withLock { $0 }
        do throws(VideoError) {
            try frame.withMutablePicture { overlay.draw(objects, on: &$0, shapes: shapes) }
        } catch {
            throw RunError(error)
        }
        try segment.write(frame)
        disk.note(segment)
    }

    /// Keeps a full file open for late audio, where there is audio.
    private mutating func setAside() throws(RunError) {
        try finishPrevious()
        let hasAudio = parameters?.source.streams.contains { $0.kind == .audio } ?? false
        (previous, segment) = (segment, nil)
        if !(hasAudio && recorder.record.audio) { try finishPrevious() }
    }

    private mutating func finishPrevious() throws(RunError) {
        guard let full = previous.take() else { return }
        try disk.finish(full)
    }

    // MARK: Clips

    private mutating func writeClip(_ shared: SharedPacket) throws(RunError) {
        guard let requested = recorder.clip else { return }
        if let clip {
            try clip.write(shared.packet)
            disk.note(clip)
        } else {
            try beginClip(requested)
        }
        if shared.packet.arrival >= requested.end { try finishClip() }
    }

    /// Begins a clip with all recent packets, as soon as there are any.
    private mutating func beginClip(_ requested: Recorder.Clip) throws(RunError) {
        let packets = recent.packets
        guard let first = packets.first, let source = parameters?.source else { return }
        guard disk.mayWrite else { return recorder.clearClip() }
        let begun = try disk.begin(
            requested.name, of: source, with: first.packet, hasResults: false)
        clip = begun
        for shared in packets { try begun.write(shared.packet) }
        disk.note(begun)
    }

    /// Finishes a clip, as a plain file that any player can seek in.
    private mutating func finishClip(plain: Bool = true) throws(RunError) {
        guard let full = clip.take() else { return }
        recorder.clearClip()
        try disk.finish(full, plain: plain)
        let isIdle = segment == nil
        recorder.update { status in
            status.clips += 1
            if isIdle && status.state == .recording { status.state = .waiting }
        }
    }

    // MARK: Ends

    /// Abandons all files as they are; packets are only kept for clips until writing is possible.
    private mutating func stop(_ error: RunError) {
        let stems = [segment, previous, clip].compactMap { $0?.stem }
        (segment, previous, clip) = (nil, nil, nil)
        recorder.clearClip()
        disk.stop(error, leaving: stems)
    }

    /// Finishes all files: packets that follow do not continue them.
    private mutating func end(_ reason: String? = nil) {
        do throws(RunError) {
            try finishPrevious()
            if let last = segment.take() { try disk.finish(last) }
            try finishClip(plain: false)
        } catch {
            stop(error)
        }
        // A clip requested during a newer connection belongs to that connection.
        if !recorder.isConnected { recorder.clearClip() }
        recent.clear()
        recorder.update { status in
            guard status.state != .stopped else { return }
            status.state = .waiting
            status.reason = reason
        }
    }
}
