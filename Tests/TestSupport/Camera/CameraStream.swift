import Foundation

/// Frames of one session, with the faults of its script.
struct CameraStream {
    /// Destination of packets.
    enum Target {
        case nowhere
        case tcp(channel: UInt8)
        case udp(media: LoopbackSocket, reports: LoopbackSocket, port: UInt16, reportPort: UInt16)
    }

    var target = Target.nowhere
    private let script: CameraScript
    private var packets: RTPPackets
    private var frames: AnnexB
    private var startedAt: Double?
    /// Frames sent so far, and the delay of all later ones in seconds.
    private var count = 0
    private var delay = 0.0
    private var clockShift = 0.0
    private var deafUntil = 0.0
    private var packetCount = 0
    private var held: Data?

    init(_ script: CameraScript) {
        self.script = script
        frames = script.frames
        packets = RTPPackets(sequence: script.sequenceStart)
    }

    mutating func play() { startedAt = startedAt ?? Self.now }

    /// Seconds until the next frame is due.
    var wait: Double { dueAt.map { max($0 - Self.now, 0) } ?? 0.1 }

    /// True while it neither reads nor answers.
    var isDeaf: Bool { deafUntil > Self.now }

    private static var now: Double { ProcessInfo.processInfo.systemUptime }
    private var dueAt: Double? {
        let late = script.jitter * Double(count &* 7919 % 101) / 100
        return startedAt.map { $0 + delay + late + Double(count) / script.rate }
    }

    /// Sends the next frame if it is due; false at the end of the session.
    mutating func sendWhatIsDue(on control: LoopbackSocket) -> Bool {
        guard let due = dueAt, due <= Self.now else { return true }
        for fault in script.faults where !apply(fault, control) { return false }
        // A fault may have postponed it.
        guard let due = dueAt, due <= Self.now else { return true }
        return sendFrame(on: control)
    }

    /// Applies a fault that is due; false if it ends the session.
    private mutating func apply(_ fault: CameraScript.Fault, _ control: LoopbackSocket) -> Bool {
        switch fault {
        case .jump(let seconds, let frame) where frame == count: clockShift += seconds
        case .silence(let seconds, let frame) where frame == count && delay == 0:
            delay = seconds
        case .freeze(let seconds, let frame) where frame == count && delay == 0:
            delay = seconds
            deafUntil = Self.now + seconds
        case .disconnect(let frame) where frame == count: return false
        case .halfClose(let frame) where frame == count && delay == 0:
            control.shutDown(Int(SHUT_WR))
            delay = 1e6
            deafUntil = Self.now + 1e6
        case .change(let frame) where frame == count:
            frames = script.changed ?? frames
        default: break
        }
        return true
    }

    private mutating func sendFrame(on control: LoopbackSocket) -> Bool {
        let place = (script.firstFrame + count) % frames.frames.count
        let seconds = Double(count) / script.rate * script.clockSpeed + clockShift + misdated
        let ticks = UInt32(truncatingIfNeeded: Int64(seconds * 90000))
        let timestamp = script.clockStart &+ ticks
        if let wall = script.wallClock, count % Int(script.rate) == 0 {
            let report = packets.report(
                timestamp: timestamp, wall: wall + Double(count) / script.rate)
            guard send(report: report, on: control) else { return false }
        }
        let all = packets.packets(
            of: frames.frames[place], timestamp: timestamp, marks: script.marks)
        let sent = breaksOff ? all.count / 2 : all.count
        for packet in all.prefix(sent) {
            guard sendWithFaults(packet, on: control) else { return false }
        }
        if breaksOff { delay = 1e6 }
        count += 1
        return true
    }

    private var misdated: Double {
        for case .misdate(let seconds, let frame) in script.faults where frame == count {
            return seconds
        }
        return 0
    }

    private var breaksOff: Bool {
        script.faults.contains { fault in
            if case .breakOff(let frame) = fault { frame == count } else { false }
        }
    }

    private mutating func sendWithFaults(_ packet: Data, on control: LoopbackSocket) -> Bool {
        packetCount += 1
        for fault in script.faults {
            switch fault {
            case .lose(let every) where packetCount % every == 0: return true
            case .swap(let every) where packetCount % every == 0:
                held = packet
                return true
            default: break
            }
        }
        guard send(packet, on: control) else { return false }
        guard let late = held else { return true }
        held = nil
        return send(late, on: control)
    }

    private func send(_ packet: Data, on control: LoopbackSocket) -> Bool {
        switch target {
        case .nowhere: return true
        case .tcp(let channel): return control.send(Self.interleaved(packet, channel))
        case .udp(let media, _, let port, _):
            if !script.losesAllUDP { media.send(packet, to: port) }
            return true
        }
    }

    private func send(report: Data, on control: LoopbackSocket) -> Bool {
        switch target {
        case .nowhere: return true
        case .tcp(let channel): return control.send(Self.interleaved(report, channel + 1))
        case .udp(_, let reports, _, let port):
            if !script.losesAllUDP { reports.send(report, to: port) }
            return true
        }
    }

    private static func interleaved(_ packet: Data, _ channel: UInt8) -> Data {
        var data = Data([UInt8(ascii: "$"), channel])
        data.append(bigEndian: UInt16(packet.count))
        return data + packet
    }
}

extension CameraScript {
    /// Session description (RFC 4566).
    var sessionDescription: String {
        let sets = frames.parameterSets
        let profile = (sets.first ?? Data()).dropFirst().prefix(3)
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let sprop = sets.map { $0.base64EncodedString() }.joined(separator: ",")
        let format = "a=fmtp:96 packetization-mode=1;profile-level-id=\(profile)"
        let media = ["m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000"]
        let head = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=camera", "c=IN IP4 0.0.0.0", "t=0 0"]
        switch description {
        case .plain:
            return
                (head + ["a=control:*"] + media
                + [format + ";sprop-parameter-sets=\(sprop)", "a=control:track1", ""])
                .joined(separator: "\r\n")
        case .withoutParameterSets:
            return (head + ["a=control:*"] + media + [format, "a=control:track1", ""])
                .joined(separator: "\r\n")
        case .withSilentSound:
            let audio = ["m=audio 0 RTP/AVP 8", "a=rtpmap:8 PCMA/8000", "a=control:track2", ""]
            return
                (head + ["a=control:*"] + media
                + [format + ";sprop-parameter-sets=\(sprop)", "a=control:track1"] + audio)
                .joined(separator: "\r\n")
        case .soundOnly:
            let audio = ["m=audio 0 RTP/AVP 8", "a=rtpmap:8 PCMA/8000", "a=control:track2", ""]
            return (head + ["a=control:*"] + audio).joined(separator: "\r\n")
        case .odd:
            let strange = [
                "a=x-dimensions: 0,0", "a=Media_header:MEDIAINFO=49;", "b=AS:-1", "i=", "a=",
            ]
            let second = [
                "m=application 0 RTP/AVP 107", "a=rtpmap:107 vnd.onvif.metadata/90000",
                "a=control:track2",
            ]
            return
                (head.dropLast() + strange + media
                + [format + "; sprop-parameter-sets=\(sprop)", "a=framerate:0.000000"]
                + ["a=control:track1"] + second).joined(separator: "\n")
        }
    }
}
