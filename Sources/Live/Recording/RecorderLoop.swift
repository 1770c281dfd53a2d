internal import Flow
internal import Foundation
internal import Overlay
internal import Pipeline
internal import Scene
internal import Video

/// What a recorder's thread does: writes what comes into files, cut at key pictures, and clips beside them.
struct RecorderLoop: ~Copyable {
    /// Why files cannot be written at present.
    private struct Trouble {
        let error: RunError
        var retryAt: UInt64
    }

    private let recorder: Recorder
    private let console: Console
    private var watch: ParameterWatch?
    private var recent: RecentPackets
    private var pen: OverlayRenderer
    private var segment: Segment?
    /// The file before, for sound that comes late.
    private var previous: Segment?
    private var clip: Segment?
    private var trouble: Trouble?
    private var saidLost = (count: 0, at: UInt64(0))

    /// Nanoseconds after which writing is tried again.
    private static let pause: UInt64 = 10_000_000_000
    /// Nanoseconds for which a finished file waits for sound.
    private static let patience: UInt64 = 2_000_000_000

    /// - Throws: A `RunError` when the font cannot be used.
    init(_ recorder: Recorder, console: Console) throws(RunError) {
        self.recorder = recorder
        self.console = console
        recent = RecentPackets(seconds: recorder.clips.before)
        pen = try recorder.settings.makeOverlay()
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
    }

    private mutating func handle(_ item: consuming RecorderItem) throws(RunError) {
        switch consume item {
        case .begin(let source):
            end()
            watch = ParameterWatch(source)
        case .end:
            end()
            watch = nil
        case .packet(let shared): try take(shared)
        case .picture(let frame, let objects): try take(frame, objects)
        case .followed(let picture): try segment?.note(picture, of: recorder.camera.name)
        case .clip: break
        }
    }

    private mutating func take(_ shared: SharedPacket) throws(RunError) {
        guard let video = watch?.source.videoStream else { return }
        let isKey = shared.packet.isKey && shared.packet.stream == video
        let isChanged = try noteParameters(of: shared)
        if isChanged {
            recent.clear()
            try finishClip()
        }
        recent.add(shared, isKeyPicture: isKey)
        if isKey { sayWhatIsLost() }
        if recorder.record.what == .packets && isKey { try cut(at: shared, isChanged: isChanged) }
        try write(shared, isPicture: shared.packet.stream == video)
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
        guard isDue(shared.packet.arrival) || isChanged || segment?.hasJumped == true else {
            return
        }
        try setAside()
        guard mayWrite, let source = watch?.source else { return }
        let stem = begin(at: shared.packet.arrival)
        let sound = recorder.record.sound
        do throws(RunError) {
            let results =
                recorder.wantsObjects
                ? try ResultsFile(
                    path: stem + ".ndjson", overwrite: false,
                    classNames: recorder.settings.classNames) : nil
            segment = try Segment(
                "\(stem).\(PacketWriter.ending(for: source, sound: sound))", of: source,
                beginningWith: shared.packet, sound: sound, results: results,
                metadata: metadata(at: shared.packet.arrival))
        } catch {
            recorder.folder.end(stem)
            throw error
        }
    }

    private func isDue(_ arrival: UInt64) -> Bool {
        guard let segment else { return true }
        return arrival >= segment.began + UInt64(recorder.record.segment * 1e9)
    }

    /// Writes a packet into the file in whose time it lies.
    private mutating func write(_ shared: SharedPacket, isPicture: Bool) throws(RunError) {
        if let previous, let segment, let source = watch?.source {
            let isLate = !isPicture && shared.packet.seconds(in: source) ?? 0 < segment.start
            if isLate { return try previous.write(shared.packet) }
            let isOver = shared.packet.arrival > segment.began + Self.patience
            if !isPicture || isOver { try finishPrevious() }
        }
        guard let segment else { return }
        try segment.write(shared.packet)
        note(segment)
    }

    private mutating func take(
        _ frame: consuming Frame, _ objects: [TrackedObject]
    ) throws(RunError) {
        if isDue(frame.arrival) {
            try setAside()
            guard mayWrite, let source = watch?.source else { return }
            let stem = begin(at: frame.arrival)
            do throws(RunError) {
                segment = try Segment(
                    stem + ".mp4", of: source, beginningWith: frame,
                    sound: recorder.record.sound, metadata: metadata(at: frame.arrival))
            } catch {
                recorder.folder.end(stem)
                throw error
            }
        }
        guard let segment else { return }
        var frame = frame
        do throws(VideoError) {
            try frame.withMutablePicture { pen.draw(objects, on: &$0) }
        } catch {
            throw RunError(error)
        }
        try segment.write(frame)
        note(segment)
    }

    /// Keeps a file that is full for sound that comes late, where there is any.
    private mutating func setAside() throws(RunError) {
        try finishPrevious()
        let hasSound = watch?.source.streams.contains { $0.kind == .audio } ?? false
        (previous, segment) = (segment, nil)
        if !(hasSound && recorder.record.sound) { try finishPrevious() }
    }

    private mutating func finishPrevious() throws(RunError) {
        guard let full = previous.take() else { return }
        try finish(full)
    }

    // MARK: Clips

    private mutating func writeClip(_ shared: SharedPacket) throws(RunError) {
        guard let asked = recorder.clip else { return }
        if let clip {
            try clip.write(shared.packet)
            note(clip)
        } else {
            try beginClip(asked)
        }
        if shared.packet.arrival >= asked.end { try finishClip() }
    }

    /// Begins a clip with all that is remembered, as soon as that is anything.
    private mutating func beginClip(_ asked: Recorder.Clip) throws(RunError) {
        let packets = recent.packets
        guard let first = packets.first, let source = watch?.source else { return }
        guard mayWrite else { return recorder.forgetClip() }
        let stem = recorder.folder.begin(asked.name)
        let sound = recorder.record.sound
        do throws(RunError) {
            let begun = try Segment(
                "\(stem).\(PacketWriter.ending(for: source, sound: sound))", of: source,
                beginningWith: first.packet, sound: sound, results: nil,
                metadata: metadata(at: first.packet.arrival))
            clip = begun
            for shared in packets { try begun.write(shared.packet) }
            note(begun)
        } catch {
            if clip == nil { recorder.folder.end(stem) }
            throw error
        }
    }

    /// Clips are for people to show around: they become plain files.
    private mutating func finishClip(plain: Bool = true) throws(RunError) {
        guard let full = clip.take() else { return }
        recorder.forgetClip()
        try finish(full, plain: plain)
        let isIdle = segment == nil
        recorder.update { status in
            status.clips += 1
            if isIdle && status.state == .recording { status.state = .waiting }
        }
    }

    // MARK: Beginnings, ends and trouble

    private func begin(at arrival: UInt64) -> String {
        recorder.folder.begin(
            RecordingName(camera: recorder.camera.name, at: Self.time(of: arrival), isClip: false))
    }

    private static func time(of arrival: UInt64) -> Date {
        let now = MonotonicClock.system.now
        return Date(timeIntervalSinceNow: now > arrival ? -Double(now - arrival) / 1e9 : 0)
    }

    private func metadata(at arrival: UInt64) -> [String: String] {
        [
            "creation_time": EventRecord.text(Self.time(of: arrival)),
            "title": recorder.camera.name,
        ]
    }

    private mutating func finish(_ segment: Segment, plain: Bool = false) throws(RunError) {
        defer { recorder.folder.end(Self.stem(segment)) }
        try segment.finish(plain: plain)
        note(segment)
        recorder.update { $0.files += 1 }
    }

    private static func stem(_ segment: Segment) -> String {
        String(segment.path.prefix(upTo: segment.path.lastIndex(of: ".") ?? segment.path.endIndex))
    }

    /// Counts what reached the disk, which ends any trouble.
    private mutating func note(_ segment: Segment) {
        let grown = segment.takeGrowth()
        guard grown > 0 || trouble == nil else { return }
        if trouble != nil {
            trouble = nil
            console.say("\(recorder.camera.name): recording goes on")
        }
        recorder.update { status in
            status.bytes += grown
            status.state = .recording
            status.reason = nil
            status.isFull = false
        }
    }

    /// Whether writing may be tried: after trouble only now and then, and on a full disk only when there is room.
    private var mayWrite: Bool {
        guard let trouble else { return true }
        guard MonotonicClock.system.now >= trouble.retryAt else { return false }
        return trouble.error.reason != .diskFull || recorder.folder.hasRoom
    }

    /// Gives all files up as they are; what comes is only remembered until writing is possible again.
    private mutating func stop(_ error: RunError) {
        let stems = [segment, previous, clip].compactMap { $0.map(Self.stem) }
        (segment, previous, clip) = (nil, nil, nil)
        stems.forEach(recorder.folder.end)
        recorder.forgetClip()
        let isNew = trouble?.error.reason != error.reason
        let isFull = error.reason == .diskFull
        let pause = isFull ? Self.pause / 10 : Self.pause
        trouble = Trouble(error: error, retryAt: MonotonicClock.system.now + pause)
        recorder.update { status in
            status.state = .stopped
            status.reason = error.message
            status.isFull = isFull
        }
        guard isNew else { return }
        console.complain(
            "\(recorder.camera.name): recording stops, watching goes on. \(error.message) "
                + (isFull ? "It goes on when there is room." : "It is tried again."))
    }

    /// Finishes all files: what comes next does not continue them.
    private mutating func end() {
        do throws(RunError) {
            try finishPrevious()
            if let last = segment.take() { try finish(last) }
            try finishClip(plain: false)
        } catch {
            stop(error)
        }
        recorder.forgetClip()
        recent.clear()
        recorder.update { if $0.state == .recording { $0.state = .waiting } }
    }

    /// A slow disk would fill the log as well: said once a minute at most.
    private mutating func sayWhatIsLost() {
        let lost = recorder.status.lost
        let now = MonotonicClock.system.now
        guard lost > saidLost.count, now > saidLost.at + 60_000_000_000 else { return }
        console.complain(
            "\(recorder.camera.name): recording cannot keep up; \(lost - saidLost.count) packets or pictures are missing."
        )
        saidLost = (lost, now)
    }
}
