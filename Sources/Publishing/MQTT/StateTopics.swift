/// Retained topics of the counts of all cameras.
struct StateTopics: Sendable {
    let root: String
    let cameras: [PublishedCamera]

    /// Messages with the present counts of all cameras, in a fixed order.
    func messages(_ countings: [CameraCounting]) -> [BrokerMessage] {
        zip(cameras, countings).flatMap { messages($0, $1) }
    }

    /// Messages with the present counts of a camera; one that sends nothing counts nothing.
    func messages(_ camera: PublishedCamera, _ counting: CameraCounting) -> [BrokerMessage] {
        var counting = counting
        if counting.status == .offline { counting.objects = [:] }
        let top = "\(root)/\(camera.name)"
        return [BrokerMessage("\(top)/status", counting.status.rawValue)]
            + Self.counts("\(top)/objects", camera.classes, counting.objects)
            + zones(top, camera, counting) + lines(top, camera, counting)
    }

    private func zones(
        _ top: String, _ camera: PublishedCamera, _ counting: CameraCounting
    ) -> [BrokerMessage] {
        camera.zones.enumerated().flatMap { index, zone -> [BrokerMessage] in
            let isKnown = counting.status != .offline && index < counting.zones.count
            let inside = isKnown ? counting.zones[index] : [:]
            let topic = "\(top)/zones/\(zone.name)"
            let isOccupied = inside.values.contains { $0 > 0 }
            return Self.counts(topic, zone.classes, inside)
                + [BrokerMessage("\(topic)/occupied", isOccupied ? "ON" : "OFF")]
        }
    }

    private func lines(
        _ top: String, _ camera: PublishedCamera, _ counting: CameraCounting
    ) -> [BrokerMessage] {
        camera.lines.enumerated().flatMap { index, line -> [BrokerMessage] in
            line.directions.flatMap { direction -> [BrokerMessage] in
                let total = index < counting.lines.count ? counting.lines[index][direction] : nil
                return Self.counts(
                    "\(top)/lines/\(line.name)/\(direction)", line.classes, total ?? [:])
            }
        }
    }

    /// Counts of some classes, and of all together.
    private static func counts(
        _ topic: String, _ classes: [String], _ counts: [String: Int]
    ) -> [BrokerMessage] {
        classes.map { BrokerMessage("\(topic)/\(Topic.word($0))", String(counts[$0] ?? 0)) }
            + [BrokerMessage("\(topic)/all", String(counts.values.reduce(0, +)))]
    }
}
