internal import Configuration
internal import Flow
internal import Overlay
internal import Pipeline
internal import Scene
internal import Video

/// What a recorder's thread does: writes what comes into files, cut at key pictures, and clips beside them.
struct RecorderLoop: ~Copyable {
    private let recorder: Recorder
    private let disk: RecorderDisk
    private var watch: ParameterWatch?
    private var recent: RecentPackets
    private var pen: OverlayRenderer
    private var segment: Segment?
    /// The file before, for sound that comes late.
    private var previous: Segment?
    private var clip: Segment?

    /// Nanoseconds for which a full file waits for sound.
    private static let patience: UInt64 = 2_000_000_000

    /// Begins with nothing.
    ///
    /// - Throws: A `RunError` when the font cannot be used.
    init(_ recorder: Recorder, console: Console) throws(RunError) {
        let pen = try recorder.settings.makeOverlay()
        self.pen = pen
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
        recorder.forgetClip()
    }

    private mutating func handle(_ item: consuming RecorderItem) throws(RunError) {
        switch consume item {
        case .begin(let source):
            end()
            watch = ParameterWatch(source)
        case .end(let reason):
            end(reason)
            watch = nil
        case .packet(let shared): try take(shared)
        case .picture(let frame, let objects): try take(frame, objects)
        case .followed(let picture): try segment?.note(picture, of: recorder.camera.name)
        // The next packet finds that it was asked for.
        case .clip: break
        }
    }

    private mutating func take(_ shared: SharedPacket) throws(RunError) {
        guard let video = watch?.source.videoStream else { return }
        let isPicture = shared.packet.stream == video
        let isKey = shared.packet.isKey && isPicture
        let isChanged = try noteParameters(of: shared)
        if isChanged {
            recent.clear()
            try finishClip()
        }
        recent.add(shared, isKeyFrame: isKey)
        if isKey {
            disk.sayWhatIsLost()
            if recorder.record.what == .packets { try cut(at: shared, isChanged: isChanged) }
        }
        try write(shared, isPicture: isPicture)
        try writeClip(shared)
    }

    private mutating func noteParameters(of shared: SharedPacket) throws(RunError) -> Bool {
        do throws(VideoError) {
            return try watch?.note(shared.packet) ?? false
        } catch {
            throw RunError(error)
        }
    }

    // MARK: Files one after another

    /// Begins a new file at a key picture, where one is due.
    private mutating func cut(at shared: SharedPacket, isChanged: Bool) throws(RunError) {
        let arrival = shared.packet.arrival
        guard isDue(arrival) || isChanged || segment?.hasJumped == true else { return }
        try setAside()
        guard disk.mayWrite, let source = watch?.source else { return }
        segment = try disk.begin(
            disk.name(at: arrival), of: source, with: shared.packet,
            isBesideResults: recorder.wantsObjects)
    }

    private func isDue(_ arrival: UInt64) -> Bool {
        guard let segment else { return true }
        return arrival >= segment.began + UInt64(recorder.record.segment * 1e9)
    }

    /// Writes a packet into the file in whose time it lies.
    private mutating func write(_ shared: SharedPacket, isPicture: Bool) throws(RunError) {
        guard let segment, let source = watch?.source else { return }
        if let previous {
            let isLate = !isPicture && shared.packet.seconds(in: source) ?? 0 < segment.start
            let isOver = shared.packet.arrival > segment.began + Self.patience
            if isLate && !isOver { return try previous.write(shared.packet) }
            if !isPicture || isOver { try finishPrevious() }
        }
        try segment.write(shared.packet)
        disk.note(segment)
    }

    private mutating func take(
        _ frame: consuming Frame, _ objects: [TrackedObject]
    ) throws(RunError) {
        if isDue(frame.arrival) {
            try setAside()
            guard disk.mayWrite, let source = watch?.source else { return }
            segment = try disk.begin(disk.name(at: frame.arrival), of: source, with: frame)
        }
        guard let segment else { return }
        var frame = frame
        do throws(VideoError) {
            try frame.withMutablePicture { pen.draw(objects, on: &$0) }
        } catch {
            throw RunError(error)
        }
        try segment.write(frame)
        disk.note(segment)
    }

    /// Keeps a file that is full for sound that comes late, where there is any.
    private mutating func setAside() throws(RunError) {
        try finishPrevious()
        let hasSound = watch?.source.streams.contains { $0.kind == .audio } ?? false
        (previous, segment) = (segment, nil)
        if !(hasSound && recorder.record.audio) { try finishPrevious() }
    }

    private mutating func finishPrevious() throws(RunError) {
        guard let full = previous.take() else { return }
        try disk.finish(full)
    }

    // MARK: Clips

    private mutating func writeClip(_ shared: SharedPacket) throws(RunError) {
        guard let asked = recorder.clip else { return }
        if let clip {
            try clip.write(shared.packet)
            disk.note(clip)
        } else {
            try beginClip(asked)
        }
        if shared.packet.arrival >= asked.end { try finishClip() }
    }

    /// Begins a clip with all that is remembered, as soon as that is anything.
    private mutating func beginClip(_ asked: Recorder.Clip) throws(RunError) {
        let packets = recent.packets
        guard let first = packets.first, let source = watch?.source else { return }
        guard disk.mayWrite else { return recorder.forgetClip() }
        let begun = try disk.begin(
            asked.name, of: source, with: first.packet, isBesideResults: false)
        clip = begun
        for shared in packets { try begun.write(shared.packet) }
        disk.note(begun)
    }

    /// Clips are for people to show around: they become plain files.
    private mutating func finishClip(plain: Bool = true) throws(RunError) {
        guard let full = clip.take() else { return }
        recorder.forgetClip()
        try disk.finish(full, plain: plain)
        let isIdle = segment == nil
        recorder.update { status in
            status.clips += 1
            if isIdle && status.state == .recording { status.state = .waiting }
        }
    }

    // MARK: Ends

    /// Gives all files up as they are; what comes is only remembered until writing is possible again.
    private mutating func stop(_ error: RunError) {
        let stems = [segment, previous, clip].compactMap { $0?.stem }
        (segment, previous, clip) = (nil, nil, nil)
        recorder.forgetClip()
        disk.stop(error, leaving: stems)
    }

    /// Finishes all files: what comes next does not continue them.
    private mutating func end(_ reason: String? = nil) {
        do throws(RunError) {
            try finishPrevious()
            if let last = segment.take() { try disk.finish(last) }
            try finishClip(plain: false)
        } catch {
            stop(error)
        }
        // One that was asked for while a later connection stood already is for that.
        if !recorder.isConnected { recorder.forgetClip() }
        recent.clear()
        recorder.update { status in
            guard status.state != .stopped else { return }
            status.state = .waiting
            status.reason = reason
        }
    }
}
