internal import Video

extension SourceDescription {
    /// Seconds in a player's timeline, 0 at the start of the recording.
    func time(of timestamp: Timestamp) -> Double { timestamp.seconds - start }

    /// True for formats whose first timestamp is arbitrary, which players subtract.
    var countsFromAnywhere: Bool { isLive || ["mpegts", "mpeg"].contains(format) }

    /// End of a frame, in seconds of a player's timeline.
    func end(of frame: borrowing Frame) -> Double {
        let duration = Timestamp(ticks: frame.duration, timeBase: frame.timestamp.timeBase).seconds
        let rate = picture.nominalRate.value
        return time(of: frame.timestamp) + (duration > 0 ? duration : rate > 0 ? 1 / rate : 0)
    }
}
