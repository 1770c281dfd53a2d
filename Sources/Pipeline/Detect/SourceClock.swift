internal import Video

extension SourceDescription {
    /// Seconds as a player shows them: 0 where the recording starts.
    func time(of stamp: Timestamp) -> Double { stamp.seconds - start }

    /// True for formats whose clock starts anywhere, so that players subtract its start.
    var countsFromAnywhere: Bool { isLive || ["mpegts", "mpeg"].contains(format) }

    /// The moment after a frame, in the same seconds.
    func end(of frame: borrowing Frame) -> Double {
        let duration = Timestamp(ticks: frame.duration, timeBase: frame.timestamp.timeBase).seconds
        let rate = video.nominalRate.value
        return time(of: frame.timestamp) + (duration > 0 ? duration : rate > 0 ? 1 / rate : 0)
    }
}
