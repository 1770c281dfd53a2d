/// Statistics of a camera's video packets, in order of arrival.
///
/// Packets that were buffered while the source was opened have no meaningful arrival times.
/// Statistics of arrival start at the first packet that was waited for.
struct PacketStatistics {
    /// Video packets of each connection.
    private let connections: [[PacketInfo]]
    /// The same without the packets buffered during opening.
    private let awaited: [[PacketInfo]]
    /// Shortest wait, in seconds, that counts as waiting; packets read faster were buffered.
    static let shortestWait = 0.002

    init(_ packets: [PacketInfo], videoStream: Int) {
        let video = packets.filter { $0.stream == videoStream }
        connections = Dictionary(grouping: video, by: \.connection)
            .sorted { $0.key < $1.key }.map(\.value)
        awaited = connections.map { list in
            Array(list.drop { $0.wait < Self.shortestWait })
        }
    }

    /// Intervals between arrivals.
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

    /// Duration of a list of packets in seconds, by timestamps, or by arrival times if there are
    /// none.
    private func seconds(_ list: ArraySlice<PacketInfo>) -> Double {
        guard let first = list.first, let last = list.last, list.count > 1 else { return 0 }
        if let start = first.timestamp, let end = last.timestamp, end >= start {
            return end - start
        }
        // FFmpeg gives the first packet of an RTSP session no timestamp; assume one interval before
        // the second.
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
                // No codec reorders more than 16 frames, and a clock jump is no reordering.
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
        // The first packet of each connection was sent before the measured interval.
        let bytes = awaited.reduce(0) { sum, list in
            sum + list.dropFirst().reduce(0) { $0 + $1.size }
        }
        return CameraProbe.Volume(
            bitRate: seconds > 0 ? Double(8 * bytes) / seconds : 0,
            largestFrame: connections.joined().map(\.size).max() ?? 0)
    }

    /// Median offset, because single packets are late.
    var wallOffset: Double? {
        let offsets = awaited.joined().compactMap { packet in
            packet.wallClock.map { $0 - packet.arrivalSince1970 }
        }.sorted()
        return offsets.isEmpty ? nil : offsets[offsets.count / 2]
    }

    /// Slope of a line fitted to timestamp minus arrival over arrival, for the longest connection.
    var drift: CameraProbe.Drift? {
        let list = (awaited.max { $0.count < $1.count } ?? []).filter { $0.timestamp != nil }
        // Display order, so that reordering by B-frames does not count as jitter.
        let timestamps = list.compactMap(\.timestamp).sorted()
        let points = zip(list, timestamps).map { packet, timestamp in
            (time: packet.arrival, lead: timestamp - packet.arrival)
        }
        guard let first = points.first, let last = points.last, points.count >= 50,
            last.time - first.time >= 3,
            // A clock that jumps has no drift.
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
