internal import Flow
internal import Foundation

/// Everything that a broker is to have, in the order in which it is sent.
///
/// A pure value but for the queue, the file of topics and the functions given to it; no network.
struct BrokerContent {
    /// Message with the number of its queue entry, where it is an event.
    struct Item: Hashable {
        let message: BrokerMessage
        var entry: UInt64?
    }

    private let root: String
    private let states: StateTopics
    /// Topics of snapshots, which are kept from run to run.
    private let snapshotTopics: [String]
    private let discovery: Discovery?
    private let cameras: EventPublisher.CameraAccess
    private let queue: DiskQueue
    private let link: BrokerLink
    private var memory: TopicMemory

    private var retained = RetainedTopics()
    /// Counts that the topics have.
    private var known: [CameraCounting] = []
    /// Messages that begin a connection, last one first.
    private var opening: [BrokerMessage] = []
    /// Messages on their way, by the broker's number; entry is nil for all but events.
    private var pending: [Int32: UInt64?] = [:]
    private var lastEntry: UInt64 = 0
    private var isSettled = false
    private var isFinished = false
    private var refreshAt: UInt64 = 0
    private var synchronizeAt: UInt64 = 0

    private static let refreshInterval: UInt64 = 250_000_000
    private static let synchronizeInterval: UInt64 = 1_000_000_000

    init(
        root: String, published: [PublishedCamera], discovery: Discovery?,
        cameras: EventPublisher.CameraAccess,
        queue: DiskQueue, link: BrokerLink, memory: TopicMemory, hasSnapshots: Bool
    ) {
        self.root = root
        self.discovery = discovery
        self.cameras = cameras
        self.queue = queue
        self.link = link
        self.memory = memory
        states = StateTopics(root: root, cameras: published)
        snapshotTopics =
            hasSnapshots ? published.map { Self.snapshotTopic(root, camera: $0.name) } : []
    }

    /// Topic of a camera's newest snapshot.
    static func snapshotTopic(_ root: String, camera: String) -> String {
        "\(root)/\(camera)/snapshot"
    }

    /// Messages that the broker has not acknowledged.
    var pendingCount: Int { pending.count }

    /// True while something waits or is on its way.
    var hasWork: Bool {
        !opening.isEmpty || !pending.isEmpty
            || (!isFinished && queue.entry(after: lastEntry) != nil)
    }

    /// Begins a connection, of which nothing is known to the broker.
    mutating func restart(at now: UInt64) {
        pending = [:]
        lastEntry = 0
        sendAll(at: now)
    }

    /// Sends discovery, all counts and `online`; what is gone is removed first.
    private mutating func sendAll(at now: UInt64) {
        updateStates()
        let configurations = discovery?.messages(formerly: memory.components) ?? []
        let online = BrokerMessage("\(root)/status", "online")
        let topics = presentTopics(configurations)
        let present = Set(topics)
        let removals = memory.topics.filter { !present.contains($0) }.map { BrokerMessage($0, "") }
        memory.remember(topics, discovery?.platforms ?? [:])
        opening = (removals + configurations + retained.all(at: now) + [online]).reversed()
        isSettled = false
    }

    /// Takes the present counts, four times a second.
    mutating func refresh(at now: UInt64) {
        if now >= synchronizeAt {
            synchronizeAt = now + Self.synchronizeInterval
            queue.synchronize()
        }
        guard now >= refreshAt, !isFinished else { return }
        refreshAt = now + Self.refreshInterval
        updateStates()
    }

    private mutating func updateStates() {
        let counts = cameras.counts()
        for (index, counting) in counts.enumerated() where index < states.cameras.count {
            // Texts are made of changes only: most cameras change seldom.
            guard index >= known.count || known[index] != counting else { continue }
            for message in states.messages(states.cameras[index], counting) {
                retained.set(message)
            }
        }
        known = counts
        for (topic, image) in link.takeSnapshots() { retained.set(BrokerMessage(topic, image)) }
    }

    /// The next message; nil when nothing waits that may be sent now.
    mutating func next(at now: UInt64) -> Item? {
        if let message = opening.last { return Item(message: message) }
        if isFinished { return nil }
        if let message = retained.next(at: now) { return Item(message: message) }
        while let entry = queue.entry(after: lastEntry) {
            if let event = PublishedEvent(queued: entry.text) {
                let message = BrokerMessage(
                    "\(root)/\(event.camera)/events", event.json(at: Date()), isRetained: false)
                return Item(message: message, entry: entry.number)
            }
            // A text that is no event can never be sent.
            queue.remove(entry.number)
        }
        return nil
    }

    /// Notes that the message of ``next(at:)`` is on its way under a number.
    mutating func sent(_ item: Item, as number: Int32) {
        if let entry = item.entry {
            lastEntry = entry
        } else if !opening.isEmpty {
            opening.removeLast()
        }
        pending[number] = .some(item.entry)
    }

    /// Notes that the broker has a message; returns true for an event.
    mutating func acknowledged(_ number: Int32) -> Bool {
        guard let entry = pending.removeValue(forKey: number) else { return false }
        if let entry { queue.remove(entry) }
        settle()
        return entry != nil
    }

    /// Forgets what was removed, once the broker has the whole beginning of the connection.
    private mutating func settle() {
        guard !isSettled, opening.isEmpty, pending.isEmpty, !isFinished else { return }
        isSettled = true
        memory.forget(allBut: presentTopics(discovery?.messages(formerly: [:]) ?? []))
    }

    /// Topics that the broker retains for this run.
    private func presentTopics(_ configurations: [BrokerMessage]) -> [String] {
        let states = Set(retained.topics)
        return configurations.map(\.topic) + retained.topics
            + snapshotTopics.filter { !states.contains($0) } + ["\(root)/status"]
    }

    /// Handles a message of a subscribed topic.
    mutating func received(_ topic: String, _ payload: String, at now: UInt64) {
        if let discovery, topic == "\(discovery.prefix)/status" {
            // Home Assistant has started, and knows nothing.
            if payload == "online" { sendAll(at: now) }
            return
        }
        let parts = topic.dropFirst(root.count + 1).split(separator: "/")
        guard topic.hasPrefix(root + "/"), parts.count == 3, payload == "PRESS" else { return }
        cameras.requestClip(String(parts[0]))
    }

    /// Ends the run: counts become zero, and cameras and node `offline`.
    mutating func finish() {
        isFinished = true
        let none = states.cameras.map { _ in CameraCounting() }
        let totals = cameras.counts()
        // Totals of lines keep their last value: a counter that falls to zero counts as a new one.
        let ended = zip(none, totals).map { none, last in
            CameraCounting(status: none.status, lines: last.lines)
        }
        opening = (states.messages(ended) + [BrokerMessage("\(root)/status", "offline")]).reversed()
    }
}
