import Video

extension ProbeText {
    static func text(_ probe: CameraProbe) -> String {
        let source = probe.description
        let stopped = probe.isStopped ? ", stopped early" : ""
        var lines = [
            "\(visible(source.name)): \(source.format), watched for \(rounded(probe.seconds, 1)) s\(stopped)"
        ]
        lines += streams(source)
        if probe.transport != nil {
            lines.append("  transport: \(probe.transports.map(text).joined(separator: "; "))")
        }
        lines.append("  opening: \(opening(probe.opening))")
        lines.append("  picture: \(picture(source.video, probe.color, probe.profile))")
        lines.append("  time: \(time(probe))")
        lines.append("  arrival: \(arrival(probe.arrivals))")
        lines.append("  key frames: \(keyFrames(probe.keyFrames))")
        lines.append("  clock: \(clock(probe.clock))")
        lines.append("  sent: \(sent(probe))")
        lines += probe.audio.map { "  audio: \(sound($0))" }
        return (lines + findings(probe.findings)).joined(separator: "\n")
    }

    private static func text(_ attempt: CameraProbe.TransportAttempt) -> String {
        guard let first = attempt.firstFrame else { return "\(attempt.name) does not work" }
        let losses = attempt.missedPackets + attempt.latePackets
        let lost = losses > 0 ? ", \(pluralized(losses, "packet", "packets")) lost" : ""
        return "\(attempt.name) works (first frame after \(rounded(first, 2)) s\(lost))"
    }

    private static func opening(_ opening: CameraProbe.Opening) -> String {
        let key = opening.firstKeyFrame.map { "first key frame after \(rounded($0, 2)) s" }
        let picture = opening.firstFrame.map { "first frame after \(rounded($0, 2)) s" }
        return ["streams known after \(rounded(opening.streamsKnown, 2)) s", key, picture]
            .compactMap { $0 }.joined(separator: ", ")
    }

    private static func time(_ probe: CameraProbe) -> String {
        let frames = pluralized(probe.report.frames, "frame", "frames")
        guard probe.timestamps.count > 0 else { return frames }
        var parts = [frames, "\(rounded(probe.timestamps.rate)) per second by their timestamps"]
        let stated = probe.description.video.nominalRate
        if stated.value > 0 { parts.append("\(stated) stated") }
        parts.append(
            "steps from \(milliseconds(probe.timestamps.shortest)) to \(milliseconds(probe.timestamps.longest)) ms"
        )
        parts.append("jitter \(milliseconds(probe.timestamps.jitter)) ms")
        if probe.order.reordering > 0 {
            parts.append("reordering depth \(probe.order.reordering) (B-frames)")
        }
        return parts.joined(separator: ", ")
    }

    private static func arrival(_ steps: CameraProbe.Steps) -> String {
        guard steps.count > 0 else { return "too few packets" }
        let most = steps.percentile99.map { "99 % within \(milliseconds($0)) ms, " } ?? ""
        return
            "\(rounded(steps.rate, 2)) per second, every \(milliseconds(steps.median)) ms, \(most)"
            + "longest \(milliseconds(steps.longest)) ms, jitter \(milliseconds(steps.jitter)) ms"
    }

    private static func keyFrames(_ keys: CameraProbe.KeyFrames) -> String {
        guard let seconds = keys.seconds, let pictures = keys.frames else {
            return keys.count == 0
                ? "none in \(rounded(keys.secondsWithout, 1)) s"
                : "one, and no other in \(rounded(keys.secondsWithout, 1)) s"
        }
        return
            "at most \(pluralized(pictures, "frame", "frames")) or \(rounded(seconds, 2)) s apart"
    }

    private static func clock(_ clock: CameraProbe.Clock) -> String {
        let wall =
            clock.wallOffset.map {
                "wall clock \(rounded(abs($0), 2)) s \($0 < 0 ? "behind" : "ahead of") this machine's"
            } ?? "wall clock not sent"
        guard let drift = clock.drift else { return "\(wall), drift unknown" }
        return "\(wall), drift \(rounded(drift.partsPerMillion, 0)) ± "
            + "\(rounded(drift.uncertainty, 0)) ppm"
    }

    private static func sent(_ probe: CameraProbe) -> String {
        let megabits = rounded(probe.volume.bitRate / 1e6, 2)
        let kilobytes = rounded(Double(probe.volume.largestFrame) / 1000, 1)
        return "\(megabits) Mbit/s of video, largest frame \(kilobytes) kB"
    }

    private static func sound(_ sound: CameraProbe.AudioStream) -> String {
        let rate = sound.sampleRate > 0 ? ", \(sound.sampleRate) Hz" : ""
        let channels =
            sound.channels > 0 ? ", \(pluralized(sound.channels, "channel", "channels"))" : ""
        return "\(sound.codec)\(rate)\(channels), \(pluralized(sound.packets, "packet", "packets"))"
    }

    private static func milliseconds(_ seconds: Double) -> String { rounded(seconds * 1000, 1) }
}
