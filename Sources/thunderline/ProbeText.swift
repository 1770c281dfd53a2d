import Foundation
import Video

/// Report of a probe for people.
enum ProbeText {
    static func text(_ probe: SourceProbe) -> String {
        let source = probe.description
        let length = source.duration.map { "\(rounded($0)) s" } ?? "of unknown length"
        var lines = ["\(visible(source.name)): \(source.format), \(length)"]
        lines += streams(source)
        lines.append("  picture: \(picture(source.video, probe.color, probe.profile))")
        lines.append("  time: \(timing(probe))")
        return (lines + findings(probe.findings)).joined(separator: "\n")
    }

    static func streams(_ source: SourceDescription) -> [String] {
        source.streams.enumerated().map { index, stream in
            let isWatched = index == source.videoStream ? ", watched" : ""
            return "  stream \(index): \(stream.kind.rawValue), \(stream.codec)\(isWatched)"
        }
    }

    static func findings(_ findings: [SourceProbe.Finding]) -> [String] {
        findings.isEmpty
            ? ["  no defects found"]
            : findings.map { "  \($0.weight.rawValue): \($0.sentence)" }
    }

    static func picture(
        _ picture: VideoDescription, _ color: String, _ profile: String
    ) -> String {
        var parts = ["\(picture.width)x\(picture.height)", picture.pixelFormat]
        if !color.split(separator: "/").allSatisfy({ $0 == "unknown" }) { parts.append(color) }
        if !profile.isEmpty { parts.append("profile \(profile)") }
        if picture.rotation != 0 { parts.append("rotated by \(picture.rotation) degrees") }
        if picture.isMirrored { parts.append("mirrored") }
        if picture.sampleAspectRatio != Ratio(1, 1) {
            parts.append("sample aspect ratio \(picture.sampleAspectRatio)")
        }
        return parts.joined(separator: ", ")
    }

    private static func timing(_ probe: SourceProbe) -> String {
        let timing = probe.timing
        guard probe.report.frames > 1 else {
            return probe.report.frames == 1 ? "1 frame" : "no frames"
        }
        var parts = [
            "\(probe.report.frames) frames",
            "\(rounded(timing.rate)) per second by their timestamps",
            "\(probe.description.video.nominalRate) stated",
        ]
        if timing.isVariable {
            parts.append(
                "steps from \(rounded(timing.shortestStep)) to \(rounded(timing.longestStep)) s")
        }
        let distance = pluralized(timing.longestKeyFrameDistance, "frame", "frames")
        parts.append("at most \(distance) between key frames")
        return parts.joined(separator: ", ")
    }

    static func rounded(_ value: Double, _ places: Int = 3) -> String {
        value.formatted(.number.precision(.fractionLength(0...places)).grouping(.never))
    }
}
