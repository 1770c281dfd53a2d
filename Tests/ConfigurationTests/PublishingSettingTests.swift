import Testing

@testable import Configuration

/// Settings of MQTT and webhooks.
struct PublishingSettingTests {
    private static let file = """
        command: live
        mqtt:
          broker: mqtts://broker:8883
          credentials-variable: LOGIN
          ca: ca.pem
          prefix: site/thunderline
          node: house
          discovery: none
          snapshots: 0
        spool: { folder: spool, events: 50 }
        webhooks:
          - https://example.org/a
          - name: home
            url: http://10.0.0.1/hook
            secret: { file: /etc/hook }
            events: [enter, cross]
            cameras: [gate]
            classes: [person]
        cameras:
          - gate=rtsp://a/1
        """

    private struct WrongCommand: Error {}

    private func read(_ text: String, _ overrides: [String] = []) throws -> LiveDescription {
        let content = try PipelineFile(text, name: "f.yaml", overrides: overrides).content
        guard case .live(let description) = content else { throw WrongCommand() }
        return description
    }

    private func problems(_ text: String) -> [String] {
        do throws(PipelineFile.Problems) {
            _ = try PipelineFile(text, name: "f.yaml", overrides: [])
            return []
        } catch {
            return error.list.map(\.description)
        }
    }

    @Test func fileIsReadAndPrintedAsAnEqualOne() throws {
        let description = try read(Self.file)
        #expect(description.mqtt.broker == "mqtts://broker:8883")
        #expect(description.mqtt.credentials.variable == "LOGIN")
        #expect(description.mqtt.discovery == nil && description.mqtt.snapshotWidth == 0)
        #expect(description.mqtt.prefix == "site/thunderline" && description.mqtt.node == "house")
        #expect(description.spool.limit == 50 && description.spool.folder == "spool")
        #expect(description.webhooks.map(\.name) == ["webhook-1", "home"])
        #expect(description.webhooks[0].url == "https://example.org/a")
        #expect(description.webhooks[1].events == ["enter", "cross"])
        #expect(description.webhooks[1].secret.file == "/etc/hook")
        #expect(description.secretVariables == ["LOGIN"])
        #expect(try read(PipelineText.yaml(description)) == description)
        #expect(try read(Self.file, ["webhooks=a=http://b/"]).webhooks.map(\.name) == ["a"])
    }

    @Test func mistakesAreNamed() {
        let camera = "cameras: [gate=rtsp://a/1]\ncommand: live\n"
        for (text, part) in [
            ("mqtt: {broker: 10.0.0.1}", "mqtt://"),
            ("mqtt: {broker: 'mqtt://me:pass@host'}", "holds credentials"),
            ("mqtt: {node: house}", "no broker"),
            ("mqtt: {broker: 'mqtt://a', node: a/b}", "letters"),
            ("mqtt: {broker: 'mqtt://a', prefix: 'a/+'}", "letters"),
            (
                "mqtt: {broker: 'mqtt://a', credentials-file: a, credentials-variable: b}",
                "not both"
            ),
            ("webhooks: [ftp://a]", "https://"),
            ("webhooks: ['http://a', {name: webhook-1, url: 'http://b'}]", "Two webhooks"),
            ("webhooks: [{url: 'http://a', events: [entr]}]", "enter"),
            ("webhooks: [{url: 'http://a', cameras: [gat]}]", "gate"),
            ("webhooks: [{url: 'http://a', sekret: {file: a}}]", "secret"),
            ("spool: {events: 0}", "100000"),
        ] {
            let found = problems(camera + text).joined()
            #expect(found.contains(part), "\(text): \(found)")
            #expect(!found.contains("me:pass"))
        }
    }
}
