internal import Flow
internal import Foundation
internal import Pipeline
internal import Synchronization

/// Sends the events of a queue to one address.
final class WebhookSender: Sendable {
    /// Numbers for metrics.
    struct Counts: Sendable, Hashable {
        /// Events that the address has received.
        var delivered = 0
        /// Attempts that failed.
        var failedAttempts = 0
        /// Events given up after the last attempt.
        var givenUp = 0
        /// True once the address has answered that it is gone.
        var isStopped = false
    }

    /// Events that the queue may have dropped before the plan of attempts forgets them.
    private static let slack = 1000

    let settings: WebhookSettings
    let queue: DiskQueue
    private let console: Console
    private let state = Lock(Counts())
    private let transport = WebhookTransport()
    private let answers = Lock<[(number: UInt64, answer: WebhookAnswer)]>([])
    private let hasNews = Atomic(false)
    private let parker = Parker(spins: 0)

    init(_ settings: WebhookSettings, queue: DiskQueue, console: Console) {
        (self.settings, self.queue, self.console) = (settings, queue, console)
    }

    /// Present numbers.
    var counts: Counts { state.withLock { $0 } }

    /// Puts an event into the queue if the address wants it; never waits for the address.
    func publish(_ event: PublishedEvent) {
        guard settings.wants(event), !counts.isStopped else { return }
        queue.append(event.queued)
        wake()
    }

    private func wake() {
        hasNews.store(true, ordering: .releasing)
        parker.wake()
    }

    /// Sends events until the run is over, and then for at most a second more.
    func run(isOver: () -> Bool) {
        var work = Work()
        while !isOver() && !counts.isStopped {
            advance(&work)
            waitForNews(seconds: 0.25, isOver)
        }
        let end = MonotonicClock.system.now + 1_000_000_000
        while MonotonicClock.system.now < end && !counts.isStopped {
            let isIdle = !advance(&work)
            if isIdle { break }
            waitForNews(seconds: 0.05) { false }
        }
        transport.close()
    }

    private struct Work {
        var plan = DeliveryPlan()
        var lastEntry: UInt64 = 0
        var synchronizedAt = 0.0
        var hasWarned = false
    }

    private func waitForNews(seconds: Double, _ isOver: () -> Bool) {
        let deadline = MonotonicClock.system.now + UInt64(seconds * 1e9)
        parker.wait(deadline: deadline) { hasNews.load(ordering: .acquiring) || isOver() }
        hasNews.store(false, ordering: .releasing)
    }

    /// Handles answers and begins attempts; false when nothing is under way.
    @discardableResult
    private func advance(_ work: inout Work) -> Bool {
        let now = Double(MonotonicClock.system.now) / 1e9
        let ended = answers.withLock { answers in
            defer { answers = [] }
            return answers
        }
        for (number, answer) in ended { end(number, answer, &work, at: now) }
        guard !counts.isStopped else { return false }
        while let entry = queue.entry(after: work.lastEntry) {
            work.lastEntry = entry.number
            let age = PublishedEvent(queued: entry.text).map { Date().timeIntervalSince($0.time) }
            work.plan.add(entry.number, age: age ?? 0, at: now)
        }
        if work.plan.count > queue.counts.waiting + Self.slack {
            work.plan.forget(below: queue.entry(after: 0)?.number ?? .max)
        }
        while let number = work.plan.begin(at: now) { attempt(number, &work) }
        if now > work.synchronizedAt + 1 {
            work.synchronizedAt = now
            queue.synchronize()
        }
        return work.plan.activeCount > 0
    }

    private func attempt(_ number: UInt64, _ work: inout Work) {
        guard let entry = queue.entry(after: number - 1), entry.number == number,
            let event = PublishedEvent(queued: entry.text)
        else {
            // The queue was full and dropped it, or the text is no event.
            work.plan.drop(number)
            return queue.remove(number)
        }
        let request = WebhookRequest.make(event, to: settings, at: Date())
        transport.send(request) { [weak self] answer in
            guard let self else { return }
            answers.withLock { $0.append((number, answer)) }
            wake()
        }
    }

    private func end(
        _ number: UInt64, _ answer: WebhookAnswer, _ work: inout Work, at now: Double
    ) {
        switch work.plan.end(number, answer, at: now, chance: Double.random(in: 0...1)) {
        case .delivered:
            queue.remove(number)
            state.withLock { $0.delivered += 1 }
            work.hasWarned = false
        case .again:
            state.withLock { $0.failedAttempts += 1 }
            if !work.hasWarned {
                console.error(
                    "Webhook \(settings.name): \(Self.text(answer)). It is tried again for a day.")
            }
            work.hasWarned = true
        case .givenUp:
            queue.remove(number)
            state.withLock {
                $0.failedAttempts += 1
                $0.givenUp += 1
            }
        case .gone:
            state.withLock { $0.isStopped = true }
            queue.removeAll()
            console.error(
                "Webhook \(settings.name): it answers that it is gone (410) and gets no more events in this run."
            )
        }
    }

    private static func text(_ answer: WebhookAnswer) -> String {
        switch answer {
        case .status(let status, _) where (300..<400).contains(status):
            "it redirects (\(status)), which is not followed: give the address it leads to"
        case .status(let status, _): "it answers \(status)"
        case .failed(let reason): reason
        }
    }
}
