internal import Analytics
internal import Configuration
internal import Foundation
internal import Overlay
internal import Scene
internal import Video

/// Events, counts and heat map of one recording, frame by frame.
struct SceneCounter {
    /// Frame whose objects are counted.
    struct Moment {
        /// Seconds of the recording.
        var time: Double
        /// Index of the frame.
        var frame: Int
        var width: Int
        var height: Int
        /// Name of the source.
        var source: String
    }

    private var scene: SceneEvents
    private let context: DetectionContext
    private let eventText: EventText
    private let countsText: CountsText
    private var held = HeldEvents()
    private var table: CountTable?
    private var heat: HeatMap?
    /// First frame, on which the heat map is drawn.
    private var background: SharedFrame?
    private var last: Moment?
    private var clock = RecordingClock()
    /// Crossings by line and direction, then class.
    private var classTotals: [CountTable.Subject: [Int: Int]] = [:]

    init(_ context: DetectionContext) {
        self.context = context
        let places = context.places
        scene = places.makeEvents(
            isChosen: context.eventClasses, memory: context.trackerOptions.memoryTime)
        eventText = EventText(places)
        countsText = CountsText(places, classNames: context.classNames)
        if !context.counting.heatMaps.isEmpty { heat = HeatMap() }
    }

    /// Notes the first frame of the recording: its clock, and its picture for the heat map.
    mutating func begin(_ frame: borrowing Frame, of source: SourceDescription) throws(VideoError) {
        clock = RecordingClock(source)
        table = CountTable(
            zones: context.places.zones, lines: context.places.lines,
            classes: context.countedClasses, every: context.countInterval,
            offset: clock.start ?? 0)
        if heat != nil { background = SharedFrame(try frame.shared()) }
    }

    /// Takes the objects of a frame, marks them with their zones, and writes what became known.
    mutating func follow(_ objects: inout [TrackedObject], _ moment: Moment) throws(RunError) {
        let events = scene.update(
            objects, at: moment.time, frameWidth: moment.width, frameHeight: moment.height)
        scene.mark(&objects)
        heat?.add(
            objects, at: moment.time, frameWidth: moment.width, frameHeight: moment.height)
        table?.note(scene.inside, at: moment.time)
        last = moment
        try take(events, moment)
        let open = min(held.earliest ?? moment.time, moment.time)
        try write(table?.close(before: open) ?? [], moment)
    }

    /// Outlines of zones and lines with their counts.
    func shapes(_ frame: borrowing Frame) -> [OverlayShape] {
        context.places.shapes(scene, frameWidth: frame.width, frameHeight: frame.height)
    }

    /// Ends all objects and writes the rest; returns the summary, a line for each line and zone.
    mutating func finish() throws -> [String] {
        guard let last else { return [] }
        try take(scene.finish(), last)
        try write(table?.finish(at: last.time) ?? [], last)
        try writeHeat()
        return context.places.lines.indices.map { countsText.summary(scene, line: $0, classTotals) }
    }

    private mutating func take(_ events: [ObjectEvent], _ moment: Moment) throws(RunError) {
        for event in events {
            if let path = context.counting.events {
                try context.writers.append(line(event, moment), to: path)
            }
            let time = moment.time - event.delay
            switch event.kind {
            case .cross, .enter: held.add(event, time: time, frame: moment.frame)
            case .leave: table?.add(event, classIndex: event.object.classIndex, at: time)
            default: break
            }
        }
        for released in held.release(scene) { try count(released, moment) }
    }

    private mutating func count(_ held: HeldEvents.Held, _ moment: Moment) throws(RunError) {
        table?.add(held.event, classIndex: held.classIndex, at: held.time)
        guard let crossing = held.event.crossing else { return }
        let subject = CountTable.Subject.line(crossing.line, crossing.direction)
        classTotals[subject, default: [:]][held.classIndex, default: 0] += 1
        guard let path = context.counting.crossings else { return }
        let line = countsText.line(
            held.event, classIndex: held.classIndex, time: DecimalText.seconds(held.time),
            frame: held.frame, source: moment.source)
        try context.writers.append(line, to: path)
    }

    private func write(_ rows: [CountTable.Row], _ moment: Moment) throws(RunError) {
        guard let path = context.counting.counts, !rows.isEmpty else { return }
        let (clock, countsText) = (clock, countsText)
        let text = rows.map { countsText.line($0, source: moment.source, time: clock.text) }
        try context.writers.append(text.joined(), to: path)
    }

    private func writeHeat() throws {
        guard let heat else { return }
        for path in context.counting.heatMaps {
            try HeatPicture(heat, over: background).write(to: path)
        }
    }

    private func line(_ event: ObjectEvent, _ moment: Moment) -> String {
        let time = moment.time - event.delay
        let json = JSONObject {
            $0.addRaw("time", DecimalText.seconds(time))
            if clock.start != nil { $0.add("wall", clock.text(time)) }
            $0.add("source", moment.source)
            $0.add("frame", moment.frame)
            let className = context.classNames[event.object.classIndex]
            eventText.add(event, className: className, to: &$0)
        }
        return json.text + "\n"
    }
}

/// Clock of a recording: seconds since 1970 where its file states when it was made.
struct RecordingClock: Sendable {
    /// Seconds since 1970 at second 0 of the recording; nil where it states no time.
    var start: Double?

    /// A clock without a time.
    init() {}

    /// The clock of a source, by its container's `creation_time`.
    init(_ source: SourceDescription) {
        start = source.metadata["creation_time"].flatMap(Self.seconds)
    }

    /// A time as text: by the clock where there is one, otherwise in seconds.
    func text(_ seconds: Double) -> String {
        guard let start else { return DecimalText.text(seconds, decimals: 3) }
        return Date(timeIntervalSince1970: start + seconds)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    private static func seconds(_ text: String) -> Double? {
        let styles = [
            Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle(),
        ]
        let found = styles.lazy.compactMap { try? Date(text, strategy: $0) }.first
        return found.map(\.timeIntervalSince1970)
    }
}
