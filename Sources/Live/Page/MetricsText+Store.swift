internal import EventStore

extension MetricsText {
    /// Adds the events of the event store.
    mutating func addStore(_ counts: StoreWriter.Counts?) {
        guard let counts else { return }
        for (name, help, value) in [
            ("store_events_total", "Events written to the event store.", counts.written),
            ("store_lost_total", "Events that did not reach the event store.", counts.lost),
            ("store_removed_total", "Objects that retention removed.", counts.removed),
        ] {
            head(name, "counter", help)
            lines.append("thunderline_\(name) \(value)")
        }
    }
}
