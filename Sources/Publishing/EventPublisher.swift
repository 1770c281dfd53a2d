public import Configuration
internal import Flow
internal import Foundation
public import Pipeline
internal import Video

/// Publishes the states and events of cameras to an MQTT broker and to webhooks.
///
/// ``publish(_:)`` only writes to queues on disk; threads of their own, which run ``workers``, send from there. A broker
/// or an address that is frozen, slow or gone holds those threads and nothing else.
public final class EventPublisher: Sendable {
    /// Functions that reach the cameras of the run.
    public struct CameraAccess: Sendable {
        /// Present counts, in the order of the cameras.
        public var counts: @Sendable () -> [CameraCounting]
        /// Asks a camera for a clip, by its name.
        public var requestClip: @Sendable (_ camera: String) -> Void

        /// Functions that may be called from any thread.
        public init(
            counts: @escaping @Sendable () -> [CameraCounting],
            requestClip: @escaping @Sendable (_ camera: String) -> Void
        ) {
            (self.counts, self.requestClip) = (counts, requestClip)
        }
    }

    /// Thread that sends, by name.
    public struct Worker: Sendable {
        /// Name of the thread.
        public let name: String
        /// Sends until `isOver`, and then for about a second at most.
        public let run: @Sendable (_ isOver: () -> Bool) -> Void
    }

    /// Numbers of one broker or webhook.
    public struct Counts: Sendable, Hashable {
        /// `mqtt`, or the name of the webhook.
        public var target: String
        /// Events that wait in the queue.
        public var waiting = 0
        /// Events that were dropped, since the queue was full.
        public var dropped = 0
        /// Events that were delivered.
        public var delivered = 0
        /// Attempts of a webhook that failed.
        public var failedAttempts = 0
        /// Events of a webhook that were given up after the last attempt.
        public var givenUp = 0
        /// True while the broker is connected; for a webhook, until it answers that it is gone.
        public var isUp = false
        /// True while the queue cannot be saved to its disk.
        public var isUnsaved = false
    }

    private let broker: Broker?
    private let webhooks: [WebhookSender]
    private let lock: LockedFile

    /// Broker with what reaches it.
    private struct Broker: Sendable {
        let settings: BrokerSettings
        let queue: DiskQueue
        let link = BrokerLink()
        let content: @Sendable (BrokerLink, DiskQueue) -> BrokerContent
        let console: Console
    }

    /// Finds credentials and opens the queues; nil when the description publishes nothing.
    ///
    /// - Throws: A `RunError` for a setting that cannot be used, or a folder that cannot be written or is in use.
    public init?(
        _ description: LiveDescription, cameras: [PublishedCamera], access: CameraAccess,
        environment: [String: String], console: Console
    ) throws(RunError) {
        guard description.isPublishing else { return nil }
        let spool = description.spool
        var senders: [(settings: WebhookSettings, file: String)] = []
        for webhook in description.webhooks {
            let settings = try WebhookSettings(webhook, environment: environment)
            senders.append((settings, "\(spool.folder)/webhook-\(settings.name).queue"))
        }
        let settings = try Self.brokerSettings(description.mqtt, environment)
        lock = try Self.open(spool.folder)
        webhooks = senders.map { settings, file in
            WebhookSender(
                settings, queue: DiskQueue(file, limit: spool.limit), console: console)
        }
        broker = settings.map { settings in
            Broker(
                settings: settings,
                queue: DiskQueue("\(spool.folder)/mqtt.queue", limit: spool.limit),
                content: Self.content(
                    settings, description, cameras, access, "\(spool.folder)/mqtt-topics.json"),
                console: console)
        }
    }

    private static func brokerSettings(
        _ description: MQTTDescription, _ environment: [String: String]
    ) throws(RunError) -> BrokerSettings? {
        guard description.broker != nil else { return nil }
        #if !MQTT
            throw RunError(
                .usage,
                "This program was built without MQTT: build it with the package trait MQTT, "
                    + "which is on by default, or leave out mqtt.broker.")
        #else
            return try BrokerSettings(description, environment: environment)
        #endif
    }

    /// Creates the folder of queues and locks it against other runs.
    private static func open(_ folder: String) throws(RunError) -> LockedFile {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw RunError(.notWritable, "Making the folder \(folder): \(fileErrorReason(error))")
        }
        do throws(VideoError) {
            return try LockedFile("\(folder)/lock", mode: .guarded)
        } catch {
            throw RunError(error)
        }
    }

    private static func content(
        _ settings: BrokerSettings, _ description: LiveDescription, _ cameras: [PublishedCamera],
        _ access: CameraAccess, _ memory: String
    ) -> @Sendable (BrokerLink, DiskQueue) -> BrokerContent {
        let hasSnapshots = description.mqtt.snapshotWidth > 0
        let discovery = settings.discovery.map {
            Discovery(
                prefix: $0, root: settings.root, node: settings.node, cameras: cameras,
                hasSnapshots: hasSnapshots)
        }
        return { link, queue in
            BrokerContent(
                root: settings.root, published: cameras, discovery: discovery, cameras: access,
                queue: queue, link: link, memory: TopicMemory(memory), hasSnapshots: hasSnapshots)
        }
    }

    /// Puts an event into the queues; waits for a disk at most.
    public func publish(_ event: PublishedEvent) {
        broker?.queue.append(event.queued)
        for webhook in webhooks { webhook.publish(event) }
    }

    /// Replaces the snapshot of a camera, a JPEG file.
    public func publish(snapshot: [UInt8], of camera: String) {
        guard let broker else { return }
        broker.link.set(
            snapshot: snapshot,
            of: BrokerContent.snapshotTopic(broker.settings.root, camera: camera))
    }

    /// Threads that send; without them events only wait.
    public var workers: [Worker] {
        var all = webhooks.map { webhook in
            Worker(name: "webhook") { webhook.run(isOver: $0) }
        }
        #if MQTT
            if let broker {
                all.append(
                    Worker(name: "mqtt") { isOver in
                        var session = BrokerSession(
                            broker.settings, broker.content(broker.link, broker.queue),
                            link: broker.link, console: broker.console)
                        session.run(isOver: isOver)
                    })
            }
        #endif
        return all
    }

    /// Present numbers of the broker and of each webhook.
    public var counts: [Counts] {
        let mqtt = broker.map { broker -> Counts in
            var counts = Counts(target: "mqtt", broker.queue.counts)
            let link = broker.link.counts
            (counts.delivered, counts.isUp) = (link.delivered, link.isConnected)
            return counts
        }
        return (mqtt.map { [$0] } ?? [])
            + webhooks.map { webhook in
                var counts = Counts(target: webhook.settings.name, webhook.queue.counts)
                let sent = webhook.counts
                (counts.delivered, counts.isUp) = (sent.delivered, !sent.isStopped)
                (counts.failedAttempts, counts.givenUp) = (sent.failedAttempts, sent.givenUp)
                return counts
            }
    }

    /// Warnings for the end of a run.
    public var warnings: [String] {
        counts.flatMap { counts -> [String] in
            let name = counts.target == "mqtt" ? "MQTT" : "Webhook \(counts.target)"
            return [
                (counts.waiting, "wait for the next run"),
                (counts.dropped, "were dropped, since too many waited"),
                (counts.givenUp, "were given up after a day of attempts"),
            ].filter { $0.0 > 0 }.map { "\(name): \(pluralized($0.0, "event", "events")) \($0.1)." }
        }
    }
}

extension EventPublisher.Counts {
    fileprivate init(target: String, _ queue: DiskQueue.Counts) {
        self.target = target
        (waiting, dropped, isUnsaved) = (queue.waiting, queue.dropped, queue.isUnsaved)
    }
}
