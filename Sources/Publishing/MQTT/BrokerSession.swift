internal import Flow
internal import Foundation
internal import Pipeline
internal import Video

#if MQTT
    /// Thread of a broker: connects, sends what changed and what waits, and connects again.
    ///
    /// At most ``window`` messages are on their way, so that a frozen broker holds that many and everything else waits in
    /// its place: counts as their newest value, events in the queue on disk.
    struct BrokerSession {
        /// Most messages that the broker has not acknowledged.
        static let window = 100
        /// Seconds after which a silent connection is asked whether it lives.
        private static let keepAlive: Int32 = 15
        /// Seconds that a broker has to answer a connection.
        private static let answerTime = 10.0
        /// Seconds between attempts with a login that was refused.
        private static let refusedDelay = 60.0

        let settings: BrokerSettings
        let console: Console
        let link: BrokerLink
        private(set) var content: BrokerContent
        private var policy = ReconnectPolicy()
        /// Reason that was printed last; nil while connected.
        private var printed: String?

        init(
            _ settings: BrokerSettings, _ content: BrokerContent, link: BrokerLink, console: Console
        ) {
            (self.settings, self.content, self.link) = (settings, content, link)
            self.console = console
        }

        /// Serves the broker until the run is over, and then takes leave of it.
        mutating func run(isOver: () -> Bool) {
            while !isOver() {
                let reason = connectAndServe(isOver)
                link.update { $0.isConnected = false }
                guard let reason else { return }
                var delay = policy.delayAfterLoss(chance: Double.random(in: 0...1))
                if reason.isRefusal { delay = Self.refusedDelay }
                report(reason.text)
                wait(delay, isOver)
            }
        }

        /// Reason why a connection ended or was not made.
        private struct Loss {
            let text: String
            var isRefusal = false
        }

        /// Serves one connection; returns nil at the end of the run.
        private mutating func connectAndServe(_ isOver: () -> Bool) -> Loss? {
            guard let client = MosquittoClient(id: settings.clientID) else {
                return Loss(text: "there is no memory for a connection")
            }
            if let loss = connect(client, isOver) { return isOver() ? nil : loss }
            greet(client)
            while !isOver() {
                if let loss = serve(client, milliseconds: 100) { return loss }
            }
            takeLeave(client)
            return nil
        }

        private mutating func connect(_ client: MosquittoClient, _ isOver: () -> Bool) -> Loss? {
            client.setWill(BrokerMessage("\(settings.root)/status", "offline"))
            if let login = settings.login {
                client.setLogin(user: login.user, password: login.password)
            }
            if settings.usesTLS && !client.setTLS(authority: settings.authority) {
                return Loss(text: "its certificates (mqtt.ca) cannot be used", isRefusal: true)
            }
            let failure = client.connect(
                host: settings.host, port: settings.port, keepAlive: Self.keepAlive)
            if let failure { return Loss(text: failure) }
            let deadline = Self.now + UInt64(Self.answerTime * 1e9)
            while Self.now < deadline && !isOver() {
                let lost = client.step(milliseconds: 100)
                for case .answered(let code) in client.takeSignals() {
                    if code == 0 { return nil }
                    let isLogin = code == 4 || code == 5
                    return Loss(
                        text: isLogin
                            ? "it refuses the user or password"
                            : "it refuses the connection (\(code))",
                        isRefusal: isLogin)
                }
                if let lost { return Loss(text: lost) }
            }
            return Loss(text: "it does not answer")
        }

        /// Begins a connection: everything is sent again.
        private mutating func greet(_ client: MosquittoClient) {
            policy.connected(at: Double(Self.now) / 1e9)
            link.update {
                $0.isConnected = true
                $0.connections += 1
            }
            if printed != nil || link.counts.connections == 1 {
                console.info("The MQTT broker \(settings.address) is connected.")
            }
            printed = nil
            if let discovery = settings.discovery { client.subscribe("\(discovery)/status") }
            client.subscribe("\(settings.root)/+/clip/set")
            content.restart(at: Self.now)
        }

        /// Sends and receives once; returns the reason of a lost connection.
        private mutating func serve(_ client: MosquittoClient, milliseconds: Int32) -> Loss? {
            content.refresh(at: Self.now)
            while content.pendingCount < Self.window, let item = content.next(at: Self.now) {
                guard let number = client.publish(item.message) else {
                    return Loss(text: "a message could not be sent")
                }
                content.sent(item, as: number)
            }
            let lost = client.step(milliseconds: milliseconds)
            for signal in client.takeSignals() { handle(signal) }
            return lost.map { Loss(text: $0) }
        }

        private mutating func handle(_ signal: MosquittoClient.Signal) {
            switch signal {
            case .answered: break
            case .acknowledged(let number):
                let isEvent = content.acknowledged(number)
                policy.delivered(at: Double(Self.now) / 1e9)
                link.update {
                    $0.messages += 1
                    if isEvent { $0.delivered += 1 }
                }
            case .received(let topic, let payload, let isRetained):
                guard !isRetained else { return }
                content.received(topic, String(decoding: payload, as: UTF8.self), at: Self.now)
            }
        }

        /// Sends the last events, counts of zero and `offline`, and waits a second for the acknowledgements.
        private mutating func takeLeave(_ client: MosquittoClient) {
            let deadline = Self.now + 1_000_000_000
            while content.hasWork && Self.now < deadline {
                if serve(client, milliseconds: 20) != nil { return }
            }
            content.finish()
            repeat {
                if serve(client, milliseconds: 20) != nil { return }
            } while content.hasWork && Self.now < deadline + 200_000_000
            client.disconnect()
            _ = client.step(milliseconds: 50)
        }

        /// Prints a reason once, until the broker is connected again or the reason is another.
        private mutating func report(_ reason: String) {
            guard printed != reason else { return }
            printed = reason
            console.error(
                "The MQTT broker \(settings.address): \(reason). It is tried again; events wait meanwhile."
            )
        }

        private func wait(_ seconds: Double, _ isOver: () -> Bool) {
            let parker = Parker(spins: 0)
            let end = Self.now + UInt64(seconds * 1e9)
            while Self.now < end && !isOver() {
                parker.wait(deadline: min(end, Self.now + 100_000_000)) { false }
            }
        }

        private static var now: UInt64 { MonotonicClock.system.now }
    }
#endif
