#if MQTT
    import Configuration
    import Foundation
    import Pipeline
    import TestSupport
    import Testing

    @testable import Publishing

    /// TLS by a certificate authority of the test's own.
    @Suite(.enabled(if: Mosquitto.isInstalled), .timeLimit(.minutes(2)))
    struct BrokerSecurityTests {
        private let scratch: Scratch

        init() throws {
            scratch = try Scratch()
            for (authority, name) in [("ca", "127.0.0.1"), ("other", "192.0.2.1")] {
                try makeAuthority(authority)
                try makeCertificate(of: name, by: authority)
            }
        }

        private func openssl(_ arguments: String) throws {
            let result = Program.run(
                "openssl", arguments.split(separator: " ").map(String.init))
            try #require(result.status == 0, "openssl \(arguments)")
        }

        private func makeAuthority(_ name: String) throws {
            let path = scratch.path(name)
            try openssl(
                "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=\(name) -keyout \(path).key -out \(path).pem"
            )
        }

        private func makeCertificate(of host: String, by authority: String) throws {
            let (path, by) = (scratch.path(host), scratch.path(authority))
            let names = try scratch.write("\(host).txt", "subjectAltName=IP:\(host)\n")
            try openssl(
                "req -newkey rsa:2048 -nodes -subj /CN=\(host) -keyout \(path).key -out \(path).csr"
            )
            try openssl(
                "x509 -req -days 2 -in \(path).csr -CA \(by).pem -CAkey \(by).key -CAcreateserial -extfile \(names) -out \(path).pem"
            )
        }

        private func broker(_ host: String) throws -> Mosquitto {
            try Mosquitto([
                "allow_anonymous true", "certfile \(scratch.path(host)).pem",
                "keyfile \(scratch.path(host)).key",
            ])
        }

        private func run(_ broker: Mosquitto, authority: String?) throws -> RunningPublisher {
            var description = LiveDescription()
            description.mqtt.broker = "mqtts://127.0.0.1:\(broker.port)"
            description.mqtt.node = "house"
            description.mqtt.authority = authority.map { scratch.path("\($0).pem") }
            description.spool.folder = scratch.path("spool-\(UUID().uuidString)")
            return try RunningPublisher(description)
        }

        @Test func brokerWithACertificateOfTheAuthorityIsServed() throws {
            let broker = try broker("127.0.0.1")
            let running = try run(broker, authority: "ca")
            // More than one record of TLS, so that what the library holds back shows.
            for number in 1...500 { running.publish(number) }
            #expect(wait(20) { running.counts.delivered == 500 }, "\(running.printed)")
            running.end()
            withExtendedLifetime(broker) {}
        }

        @Test func unknownAuthorityForeignNameAndMissingAuthorityAreRefused() throws {
            for (host, authority) in [
                ("127.0.0.1", "other"), ("192.0.2.1", "other"), ("127.0.0.1", nil),
            ] as [(String, String?)] {
                let broker = try broker(host)
                let running = try run(broker, authority: authority)
                running.publish(1)
                #expect(
                    wait { running.printed.contains { $0.contains("certificate") } },
                    "\(host): \(running.printed)")
                running.end()
                #expect(!running.counts.isUp && running.counts.waiting == 1, "\(running.printed)")
                withExtendedLifetime(broker) {}
            }
        }

        @Test func brokerThatSpeaksNoTLSIsReported() throws {
            let broker = try Mosquitto()
            let running = try run(broker, authority: "ca")
            #expect(wait(15) { running.printed.contains { $0.contains("tried again") } })
            running.end()
            #expect(!running.counts.isUp)
            withExtendedLifetime(broker) {}
        }
    }
#endif
