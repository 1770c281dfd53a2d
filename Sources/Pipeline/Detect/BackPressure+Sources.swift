internal import Flow

extension BackPressure {
    /// Policy of `detect` between decoding and analysis: the decoder of a recording waits, a live source drops frames.
    ///
    /// `live` needs no policy: the thread of each camera replaces its newest frame in the `FairScheduler`.
    init(isLive: Bool) { self = isLive ? .latest : .everyFrame }
}
