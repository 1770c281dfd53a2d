internal import Pipeline

/// Home Assistant's MQTT discovery: one retained message per device, with all its components.
///
/// Format: home-assistant.io/integrations/mqtt, "Device discovery payload". A component of which only the platform is
/// left is removed there.
struct Discovery: Sendable {
    /// A component by its key.
    private typealias Component = (key: String, platform: String, members: [(String, String)])

    let prefix: String
    let root: String
    let node: String
    let cameras: [PublishedCamera]
    /// True when snapshots are published.
    let hasSnapshots: Bool

    /// Topic of a device's message.
    private func topic(_ device: String) -> String { "\(prefix)/device/\(device)/config" }
    private var nodeDevice: String { "thunderline_\(node)" }

    /// Platforms of the components by device and key.
    var platforms: [String: [String: String]] {
        var all = [nodeDevice: platforms(nodeComponents)]
        for camera in cameras { all[device(camera)] = platforms(components(camera)) }
        return all
    }

    /// Messages of all devices; components that an earlier run had and this one has not are removed.
    func messages(formerly former: [String: [String: String]]) -> [BrokerMessage] {
        let nodeMessage = message(
            nodeDevice, name: "Thunderline \(node)", availability: ["\(root)/status"],
            nodeComponents, former)
        return [nodeMessage]
            + cameras.map { camera in
                message(
                    device(camera), name: camera.name,
                    availability: ["\(root)/status", "\(root)/\(camera.name)/status"],
                    components(camera), former)
            }
    }

    private func device(_ camera: PublishedCamera) -> String { "\(nodeDevice)_\(camera.name)" }

    private func platforms(_ components: [Component]) -> [String: String] {
        Dictionary(components.map { ($0.key, $0.platform) }, uniquingKeysWith: { $1 })
    }

    private func message(
        _ device: String, name: String, availability: [String], _ components: [Component],
        _ former: [String: [String: String]]
    ) -> BrokerMessage {
        let present = platforms(components)
        let gone = (former[device] ?? [:]).filter { present[$0.key] == nil }
            .sorted { $0.key < $1.key }
        let json = JSONObject {
            $0.add("device", self.description(of: device, name: name))
            $0.add("origin", JSONObject { $0.add("name", "thunderline") })
            $0.add(
                "availability",
                array: availability.map { topic in JSONObject { $0.add("topic", topic) }.text })
            $0.add("availability_mode", "all")
            $0.add(
                "components",
                JSONObject { all in
                    for component in components {
                        all.add(component.key, Self.json(component, of: device))
                    }
                    for (key, platform) in gone {
                        all.add(key, JSONObject { $0.add("platform", platform) })
                    }
                })
        }
        return BrokerMessage(topic(device), json.text)
    }

    private func description(of device: String, name: String) -> JSONObject {
        JSONObject {
            $0.add("identifiers", array: [JSONText.quoted(device)])
            $0.add("name", name)
            $0.add("manufacturer", "Thunderline")
            if device != nodeDevice { $0.add("via_device", nodeDevice) }
        }
    }

    private static func json(_ component: Component, of device: String) -> JSONObject {
        JSONObject {
            $0.add("platform", component.platform)
            $0.add("unique_id", "\(device)_\(component.key)")
            for (key, value) in component.members { $0.add(key, value) }
        }
    }

    private var nodeComponents: [Component] {
        [
            (
                "connected", "binary_sensor",
                [
                    ("name", "Connected"), ("device_class", "connectivity"),
                    ("state_topic", "\(root)/status"), ("payload_on", "online"),
                    ("payload_off", "offline"),
                ]
            )
        ]
    }

    private func components(_ camera: PublishedCamera) -> [Component] {
        let top = "\(root)/\(camera.name)"
        var all = camera.classes.map { name in
            Self.sensor(
                "count_\(Topic.word(name))", "\(Self.capitalized(name)) count",
                "\(top)/objects/\(Topic.word(name))")
        }
        for zone in camera.zones {
            let topic = "\(top)/zones/\(zone.name)"
            all.append(
                (
                    "zone_\(zone.name)", "binary_sensor",
                    [
                        ("name", zone.label), ("device_class", "occupancy"),
                        ("state_topic", "\(topic)/occupied"),
                    ]
                ))
            all.append(
                Self.sensor("zone_\(zone.name)_count", "\(zone.label) count", "\(topic)/all"))
        }
        for line in camera.lines {
            all += line.directions.map { direction in
                Self.sensor(
                    "line_\(line.name)_\(direction)", "\(line.label) \(direction)",
                    "\(top)/lines/\(line.name)/\(direction)/all", class: "total_increasing")
            }
        }
        return all + images(top) + buttons(camera, top)
    }

    private func images(_ top: String) -> [Component] {
        guard hasSnapshots else { return [] }
        let members = [
            ("name", "Last seen"), ("image_topic", "\(top)/snapshot"),
            ("content_type", "image/jpeg"),
        ]
        return [("seen", "image", members)]
    }

    private func buttons(_ camera: PublishedCamera, _ top: String) -> [Component] {
        guard camera.makesClips else { return [] }
        return [("clip", "button", [("name", "Clip"), ("command_topic", "\(top)/clip/set")])]
    }

    private static func sensor(
        _ key: String, _ name: String, _ topic: String, class stateClass: String = "measurement"
    ) -> Component {
        (key, "sensor", [("name", name), ("state_class", stateClass), ("state_topic", topic)])
    }

    private static func capitalized(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst()
    }
}
