import ArgumentParser
import Flow
import Foundation
import Pipeline
import Video

/// `thunderline probe`: what an input is, and what is wrong with it.
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Says what an input is and what is wrong with it.",
        discussion: """
            Reads the input, as far as --for allows, and reports container, streams, true frame rate, key
            frames, gaps, sound and damage.

            Examples:
              thunderline probe drive.mp4
              thunderline probe rtsp://camera/stream --for 10s
            """)

    @Argument(help: "A recording, image, device or address.", completion: .file())
    var source: String
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "Read only this much; 10s of live sources by default.", valueName: "time"))
    var seconds: String?

    func run() throws {
        StopSignal.installHandlers()
        do throws(VideoError) {
            let probe = try SourceProbe.inspect(source, seconds: try limit()) {
                StopSignal.interrupt.isRequested
            }
            print(ProbeText.text(probe))
        } catch {
            throw failure(ExitReason(error.kind), error.message)
        }
    }

    private func limit() throws(VideoError) -> Double? {
        guard let seconds else { return SourceList.isLive(source) ? 10 : nil }
        var description = DetectDescription()
        do throws(SettingError) {
            try description.set("input.for", to: [seconds])
        } catch {
            throw VideoError(.unsupported, "--for \(error.message).")
        }
        return description.input.liveFor
    }
}

/// A probe in lines for people.
enum ProbeText {
    static func text(_ probe: SourceProbe) -> String {
        let source = probe.description
        let length = source.duration.map { "\(rounded($0)) s" } ?? "of unknown length"
        var lines = ["\(source.name): \(source.format), \(length)"]
        for (index, stream) in source.streams.enumerated() {
            let isWatched = index == source.videoStream ? ", watched" : ""
            lines.append("  stream \(index): \(stream.kind.rawValue), \(stream.codec)\(isWatched)")
        }
        lines.append("  picture: \(picture(probe))")
        lines.append("  time: \(timing(probe))")
        for finding in probe.findings {
            lines.append("  \(finding.weight.rawValue): \(finding.sentence)")
        }
        if probe.findings.isEmpty { lines.append("  nothing is wrong with it") }
        return lines.joined(separator: "\n")
    }

    private static func picture(_ probe: SourceProbe) -> String {
        let picture = probe.description.picture
        var parts = ["\(picture.width)x\(picture.height)", picture.pixelFormat, probe.color]
        if !probe.profile.isEmpty { parts.append("profile \(probe.profile)") }
        if picture.rotation != 0 { parts.append("turned by \(picture.rotation) degrees") }
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
            "\(probe.report.frames) frames", "\(rounded(timing.rate)) a second by their stamps",
            "\(probe.description.picture.nominalRate) stated",
        ]
        if timing.isVariable {
            parts.append(
                "steps from \(rounded(timing.shortestStep)) to \(rounded(timing.longestStep)) s")
        }
        parts.append("at most \(timing.longestKeyDistance) frames from key frame to key frame")
        return parts.joined(separator: ", ")
    }

    private static func rounded(_ value: Double) -> String {
        value.formatted(.number.precision(.fractionLength(0...3)).grouping(.never))
    }
}
