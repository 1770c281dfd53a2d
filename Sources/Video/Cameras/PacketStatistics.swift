/// What the packets of a camera's pictures tell, in the order in which they came.
///
/// Packets that had come before they were asked for, while the source was opened, say nothing about their arrival: the
/// network is believed from the first packet on that was waited for.
struct PacketStatistics {
    /// Packets of the pictures, one list a connection.
    private let connections: [[PacketInfo]]
    /// The same without those that had come before they were asked for.
    private let awaited: [[PacketInfo]]
    /// A packet that came sooner had been there before.
    static let shortestWait = 0.002

    init(_ packets: [PacketInfo], videoStream: Int) {
        let video = packets.filter { $0.stream == videoStream }
        connections = Dictionary(grouping: video, by: \.connection)
            .sorted { $0.key < $1.key }.map(\.value)
        awaited = connections.map { list in
            Array(list.drop { $0.wait < Self.shortestWait })
        }
    }

    /// Steps from arrival to arrival.
    var arrivals: CameraProbe.Steps {
        CameraProbe.Steps(of: awaited.map { $0.map(\.arrival) })
    }

    var keyFrames: CameraProbe.KeyFrames {
        var keys = CameraProbe.KeyFrames()
        for list in connections {
            let indices = list.indices.filter { list[$0].isKey }
            keys.count += indices.count
            for (from, to) in zip(indices, indices.dropFirst()) {
                keys.frames = max(keys.frames ?? 0, to - from)
                keys.seconds = max(keys.seconds ?? 0, seconds(list[from...to]))
            }
            if !list.isEmpty { keys.secondsWithout = seconds(list[(indices.last ?? 0)...]) }
        }
        return keys
    }

    /// From the first packet to the last: by the stamps, or by the arrivals where there are none.
    private func seconds(_ list: ArraySlice<PacketInfo>) -> Double {
        guard let first = list.first, let last = list.last, list.count > 1 else { return 0 }
        if let start = first.timestamp, let end = last.timestamp, end >= start {
            return end - start
        }
        // FFmpeg gives the first packet of an RTSP session no stamp: it is a step before the second.
        if let start = list[list.startIndex + 1].timestamp, let end = last.timestamp, end > start {
            return (end - start) * Double(list.count - 1) / Double(list.count - 2)
        }
        return last.arrival - first.arrival
    }

    var order: CameraProbe.TimestampOrder {
        var order = CameraProbe.TimestampOrder()
        for list in connections {
            let timestamps = list.compactMap(\.timestamp)
            order.repeated += zip(timestamps, timestamps.dropFirst()).count { $0 == $1 }
            for (index, timestamp) in timestamps.enumerated() {
                // No codec holds more than sixteen pictures back, and a clock that leaps is no reordering.
                let later = timestamps[max(0, index - 16)..<index].filter {
                    $0 > timestamp && $0 - timestamp < 1
                }
                order.reordering = max(order.reordering, later.count)
                order.delay = max(order.delay, (later.max() ?? timestamp) - timestamp)
            }
        }
        return order
    }

    var volume: CameraProbe.Volume {
        let seconds = awaited.reduce(0) { sum, list in
            sum + (list.last?.arrival ?? 0) - (list.first?.arrival ?? 0)
        }
        // The first packet of each connection was sent before the time that is counted.
        let bytes = awaited.reduce(0) { sum, list in
            sum + list.dropFirst().reduce(0) { $0 + $1.size }
        }
        return CameraProbe.Volume(
            bitRate: seconds > 0 ? Double(8 * bytes) / seconds : 0,
            largestFrame: connections.joined().map(\.size).max() ?? 0)
    }

    /// The median, since single packets are late.
    var wallOffset: Double? {
        let offsets = awaited.joined().compactMap { packet in
            packet.wallClock.map { $0 - packet.arrivalSince1970 }
        }.sorted()
        return offsets.isEmpty ? nil : offsets[offsets.count / 2]
    }

    /// The slope of a straight line through stamps over arrivals, of the longest connection.
    var drift: CameraProbe.Drift? {
        let list = (awaited.max { $0.count < $1.count } ?? []).filter { $0.timestamp != nil }
        // In the order in which they are shown, so that B-frames are no unrest.
        let timestamps = list.compactMap(\.timestamp).sorted()
        let points = zip(list, timestamps).map { packet, timestamp in
            (time: packet.arrival, lead: timestamp - packet.arrival)
        }
        guard let first = points.first, let last = points.last, points.count >= 50,
            last.time - first.time >= 3,
            // A clock that leaps has no speed.
            zip(points, points.dropFirst()).allSatisfy({ abs($1.lead - $0.lead) < 1 })
        else { return nil }
        let count = Double(points.count)
        let meanTime = points.reduce(0) { $0 + $1.time } / count
        let meanLead = points.reduce(0) { $0 + $1.lead } / count
        var (spread, product) = (0.0, 0.0)
        for point in points {
            spread += (point.time - meanTime) * (point.time - meanTime)
            product += (point.time - meanTime) * (point.lead - meanLead)
        }
        let slope = product / spread
        let residue = points.reduce(0) { sum, point in
            let rest = point.lead - meanLead - slope * (point.time - meanTime)
            return sum + rest * rest
        }
        let error = (residue / (count - 2) / spread).squareRoot()
        return CameraProbe.Drift(partsPerMillion: slope * 1e6, uncertainty: 3 * error * 1e6)
    }
}
