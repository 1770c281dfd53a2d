internal import Video

extension SourceDescription {
    /// Seconds in a player's timeline, 0 at the start of the recording.
    func time(of timestamp: Timestamp) -> Double { timestamp.seconds - zero }

    /// Source time in seconds at which results and the annotated video begin to count.
    ///
    /// A recording that starts at an hour is counted from there, in every format. One that starts
    /// before zero, with the encoder delay of its audio, is counted from zero.
    var zero: Double { isLive || ["mpegts", "mpeg"].contains(format) ? start : max(start, 0) }

    /// End of a frame, in seconds of a player's timeline.
    func end(of frame: borrowing Frame) -> Double {
        let duration = Timestamp(ticks: frame.duration, timeBase: frame.timestamp.timeBase).seconds
        let rate = video.nominalRate.value
        return time(of: frame.timestamp) + (duration > 0 ? duration : rate > 0 ? 1 / rate : 0)
    }
}
