internal import Publishing

extension MetricsText {
    /// Adds the queues of a broker and of webhooks.
    mutating func addPublishing(_ targets: [EventPublisher.Counts]) {
        guard !targets.isEmpty else { return }
        add(targets, "publish_waiting", "gauge", "Events that wait in a queue on disk.", \.waiting)
        add(
            targets, "publish_dropped_total", "counter",
            "Events dropped, since their queue was full.", \.dropped)
        add(targets, "published_total", "counter", "Events delivered.", \.delivered)
        add(
            targets, "publish_failed_attempts_total", "counter",
            "Attempts of webhooks that failed.", \.failedAttempts)
        add(
            targets, "publish_given_up_total", "counter",
            "Events of webhooks given up after a day of attempts.", \.givenUp)
        add(
            targets, "publish_up", "gauge",
            "1 while the broker is connected, or the webhook has not answered that it is gone."
        ) { $0.isUp ? 1 : 0 }
        add(
            targets, "publish_unsaved", "gauge", "1 while a queue cannot be written to its disk."
        ) { $0.isUnsaved ? 1 : 0 }
    }

    private mutating func add(
        _ targets: [EventPublisher.Counts], _ name: String, _ type: String, _ help: String,
        _ value: (EventPublisher.Counts) -> Int
    ) {
        head(name, type, help)
        for target in targets {
            lines.append("thunderline_\(name){target=\"\(target.target)\"} \(value(target))")
        }
    }
}
