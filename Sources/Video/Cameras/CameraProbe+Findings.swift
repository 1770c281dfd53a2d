extension CameraProbe {
    /// Advice on the camera in sentences, warnings first.
    public var findings: [SourceProbe.Finding] {
        let warnings =
            connectionWarnings + keyFrameWarnings + paceWarnings + orderWarnings + clockWarnings
            + report.warnings
        return warnings.map { SourceProbe.Finding(weight: .warning, sentence: $0) }
            + notes.map { SourceProbe.Finding(weight: .note, sentence: $0) }
    }

    /// Transport of the first attempt that delivered a frame; all other measurements are of this
    /// attempt.
    public var transport: ReaderOptions.Transport? { working?.transport }

    private var working: TransportAttempt? { transports.first { $0.firstFrame != nil } }

    private var connectionWarnings: [String] {
        var sentences: [String] = []
        if let reason = losses.first {
            sentences.append(
                "The connection was lost \(pluralized(losses.count, "time", "times")) while it was watched: "
                    + reason)
        }
        if let way = working, way.missedPackets + way.latePackets > 0 {
            sentences.append(
                "\(pluralized(way.missedPackets, "network packet was", "network packets were")) lost and "
                    + "\(way.latePackets) arrived too late over \(way.name); "
                    + (way.transport == .udp
                        ? "use TCP if the camera supports it, or check the network."
                        : "check the network."))
        }
        if let first = opening.firstFrame, first > 5 {
            sentences.append(
                "The first frame arrived after \(fixed(first, 1)) s; "
                    + "so does the first frame after a reconnect. Shorten the key frame interval.")
        }
        return sentences
    }

    private var keyFrameWarnings: [String] {
        let advice =
            "after a reconnect, video resumes only at the next key frame. "
            + "Set the camera's I-frame interval (GOP) to 1 to 2 s\(keyFrameHint)."
        if let seconds = keyFrames.seconds, seconds > 4 {
            return ["Key frames are \(fixed(seconds, 1)) s apart: \(advice)"]
        }
        if keyFrames.seconds == nil && keyFrames.secondsWithout > 4 {
            return [
                keyFrames.count == 0
                    ? "No key frame arrived in \(fixed(keyFrames.secondsWithout, 1)) s: \(advice)"
                    : "No second key frame arrived in \(fixed(keyFrames.secondsWithout, 1)) s: \(advice)"
            ]
        }
        return []
    }

    /// The recommended key frame interval as a number of frames, the unit most cameras ask for.
    private var keyFrameHint: String {
        guard timestamps.rate >= 1 else { return "" }
        let rate = Int(timestamps.rate.rounded())
        return ", \(rate) to \(2 * rate) frames"
    }

    private var paceWarnings: [String] {
        // HLS segments arrive whole, so arrival times of their frames say nothing about the camera.
        guard description.format != "hls" else { return [] }
        guard arrivals.count >= 10 else {
            guard timestamps.count >= 50 else { return [] }
            return [
                "This machine cannot read faster than the camera sends, "
                    + "so jitter cannot be measured. Probe a smaller stream."
            ]
        }
        var sentences: [String] = []
        // The two rates are one where the arrival time is the timestamp.
        let isComparable = timestamps.rate > 0 && !description.isStampedByArrival
        if isComparable, abs(arrivals.rate - timestamps.rate) > 0.05 * timestamps.rate {
            sentences.append(
                "\(fixed(arrivals.rate, 2)) frames per second arrived, their timestamps state "
                    + "\(fixed(timestamps.rate, 2)): frames are lost on the network, or the timestamps are wrong."
            )
        }
        if arrivals.longest > max(0.3, 5 * arrivals.median) {
            sentences.append(
                "\(fixed(arrivals.longest, 2)) s passed between two frames, "
                    + "\(fixed(arrivals.median * 1000, 0)) ms normally: "
                    + "check for a weak wireless link, a congested network, or too many viewers."
            )
        }
        return sentences
    }

    private var orderWarnings: [String] {
        var sentences: [String] = []
        if order.reordering > 0 {
            sentences.append(
                "The camera sends B-frames, which delay every frame by "
                    + "\(fixed(order.delay * 1000, 0)) ms. "
                    + "Turn B-frames off; the Baseline profile has none.")
        }
        if order.repeated > 0 {
            sentences.append(
                "\(pluralized(order.repeated, "frame repeats", "frames repeat")) the timestamp of the one before. "
                    + "Newer firmware may fix it.")
        }
        return sentences
    }

    private var clockWarnings: [String] {
        var sentences: [String] = []
        if let offset = clock.wallOffset, abs(offset) > 1 {
            sentences.append(
                "The camera's clock is \(fixed(abs(offset), 1)) s "
                    + "\(offset > 0 ? "ahead of" : "behind") this machine's. Set a time server (NTP) on both."
            )
        }
        if let drift = clock.drift, abs(drift.partsPerMillion) > max(1000, drift.uncertainty) {
            sentences.append(
                "The camera's timestamps run \(fixed(abs(drift.partsPerMillion) / 1e4, 2)) % too "
                    + "\(drift.partsPerMillion > 0 ? "fast" : "slow") compared with their arrival."
            )
        }
        return sentences
    }

    private var notes: [String] {
        let video = description.video
        var sentences = transports.filter { $0.transport != transport }.map(\.remark)
        let stated = video.nominalRate.value
        if stated > 0, timestamps.rate > 0, abs(stated - timestamps.rate) > 0.05 * stated {
            sentences.append(
                "The camera states \(fixed(stated, 2)) frames per second and sends \(fixed(timestamps.rate, 2)); "
                    + "the timestamps are used.")
        }
        if transport != nil && clock.wallOffset == nil {
            sentences.append(
                "The camera does not send its wall clock (no RTCP sender reports); events have this machine's time only."
            )
        }
        if video.width * video.height > 1920 * 1088 {
            sentences.append(
                "\(video.width)x\(video.height) is expensive to decode; "
                    + "a smaller stream of the camera suffices for detection.")
        }
        for stream in audio where stream.packets == 0 {
            sentences.append(
                "The camera announces audio (\(stream.codec)) but sends none, which delays every connection: "
                    + "turn its audio off.")
        }
        if video.isInterlaced || report.interlacedFrames > 0 {
            sentences.append("The video is interlaced; choose a progressive mode.")
        }
        return sentences
    }
}

extension CameraProbe.TransportAttempt {
    /// `TCP` or `UDP`; for other protocols, a general phrase.
    public var name: String {
        transport.map { $0.rawValue.uppercased() } ?? "its own protocol"
    }

    /// Sentence about a transport other than the one in use.
    fileprivate var remark: String {
        if let failure { return "\(name) does not work: \(failure)" }
        guard missedPackets + latePackets > 0 else {
            return "\(name) works as well."
        }
        return "Over \(name) \(pluralized(missedPackets, "packet was", "packets were")) lost "
            + "and \(latePackets) arrived too late; use another transport."
    }
}
