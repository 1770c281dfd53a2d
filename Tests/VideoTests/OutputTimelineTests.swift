import CFFmpeg
import Testing

@testable import Video

struct OutputTimelineTests {
    /// Made-up source with video and audio.
    static func source(_ timeBase: Ratio, rate: Ratio, start: Double = 0) throws
        -> SourceDescription
    {
        var parameters = unsafe avcodec_parameters_alloc()
        defer { unsafe avcodec_parameters_free(&parameters) }
        guard let made = unsafe parameters else { throw VideoError(.other, "out of memory") }
        let copy = try unsafe CodecParameters(copying: made)
        let streams = [StreamDescription.Kind.video, .audio].map { kind in
            StreamDescription(
                kind: kind, codec: "", timeBase: timeBase, metadata: [:], disposition: 0,
                parameters: copy)
        }
        let video = VideoDescription(
            width: 16, height: 16, sampleAspectRatio: Ratio(1, 1), nominalRate: rate,
            pixelFormat: "yuv420p", rotation: 0, isMirrored: false, isInterlaced: false)
        return SourceDescription(
            name: "made up", format: "", streams: streams, videoStream: 0, video: video,
            duration: nil, start: start, metadata: [:], chapters: [], isLive: false)
    }

    static let extremes: [Int64] = [.min, -.max, .min / 2, -1, 0, 1, .max / 2, .max]

    @Test(arguments: [
        Ratio(1, .max), Ratio(1, 2_147_483_647), Ratio(2_147_483_647, 1), Ratio(1, 0),
    ])
    func extremeTimestampsDoNotTrap(_ timeBase: Ratio) throws {
        for start in [-1e300, -9.3e12, 0, 9.3e12, 1e300] {
            let source = try Self.source(timeBase, rate: Ratio(1, 2_147_483_647), start: start)
            for origin in [WriterOptions.TimeOrigin.source, .seconds(1e300), .seconds(-1e300)] {
                var timeline = OutputTimeline(source, origin)
                for ticks in Self.extremes {
                    try follow(ticks, in: &timeline, timeBase)
                    timeline.begin(source, [.video(output: 0), .copy(output: 1)], Diagnostics())
                }
                #expect(timeline.end.ticks >= -.max)
            }
        }
    }

    private func follow(
        _ ticks: Int64, in timeline: inout OutputTimeline, _ timeBase: Ratio
    ) throws {
        let timestamp = Timestamp(ticks: ticks, timeBase: timeBase)
        let length = timeline.length(ticks, timeBase)
        timeline.wrote(timeline.ticks(of: timestamp), length)
        _ = timeline.shifted(Chapter(start: timestamp, end: timestamp, metadata: [:]))
        let packet = try unsafe PacketBuffer().take()
        unsafe packet.pointee.pts = ticks
        unsafe packet.pointee.dts = ticks
        unsafe packet.pointee.duration = ticks
        let entry = unsafe PacketQueue.Entry(pointer: packet, stream: 1, timeBase: timeBase)
        defer { entry.free() }
        timeline.shift(entry)
        _ = timeline.isAfterJoint(entry)
        timeline.passed(entry)
    }

    @Test
    func secondSourceFollowsTheFirst() throws {
        let base = Ratio(1, 1000)
        let source = try Self.source(base, rate: Ratio(25, 1), start: 5)
        var timeline = OutputTimeline(source, .source)
        timeline.wrote(timeline.ticks(of: Timestamp(ticks: 5000, timeBase: base)), 0)
        timeline.wrote(timeline.ticks(of: Timestamp(ticks: 5040, timeBase: base)), 0)
        #expect(timeline.end == Timestamp(ticks: 5080, timeBase: base))
        timeline.begin(source, [.video(output: 0), .copy(output: 1)], Diagnostics())
        #expect(timeline.ticks(of: Timestamp(ticks: 5000, timeBase: base)) == 5080)
        #expect(timeline.stream(1) == 1)
    }
}
