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
            Reads a recording, as far as --for allows, and reports container, streams, true frame rate, key
            frames, gaps, sound and damage. Watches a camera for 10 seconds, or --for, and reports which ways of
            sending work, how soon a picture is there, true frame rate and jitter, key frame distance, clocks, losses,
            sound and bit rate, and what to change about it. Ctrl-C ends it early with what is known by then.

            Examples:
              thunderline probe drive.mp4
              thunderline probe rtsp://camera/stream
              thunderline probe rtsp://camera/stream --transport udp --for 1m --json
            """)

    @Argument(help: "A recording, image, device or address.", completion: .file())
    var source: String
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "Read only this much; 10s of live sources by default.", valueName: "time"))
    var seconds: String?
    @Option(
        help: "How an RTSP camera sends: automatic tries TCP and UDP, tcp, udp.",
        completion: .list(ReaderOptions.Transport.allCases.map(\.rawValue)),
        transform: Self.transport)
    var transport = ReaderOptions.Transport.automatic
    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        StopSignal.installHandlers()
        do throws(VideoError) {
            if SourceList.isLive(source) { return try watch() }
            let probe = try SourceProbe.inspect(source, seconds: try limit()) {
                StopSignal.interrupt.isRequested
            }
            print(json ? try ProbeJSON.text(probe) : ProbeText.text(probe))
        } catch {
            throw failure(ExitReason(error.kind), error.message)
        }
    }

    private func watch() throws(VideoError) {
        let console = Console(isQuiet: json, isTerminal: isatty(STDERR_FILENO) == 1)
        var options = ReaderOptions()
        options.transport = transport
        options.deadlines = CameraProbe.patience
        let probe = try CameraProbe.inspect(
            source, seconds: try limit() ?? 10, options: options,
            onWay: { transport, seconds in
                let way = transport == .automatic ? "" : " over \(transport.rawValue.uppercased())"
                console.say("watching\(way) for \(ProbeText.rounded(seconds)) s …")
            },
            stop: { StopSignal.interrupt.isRequested })
        print(json ? try ProbeJSON.text(probe) : ProbeText.text(probe))
    }

    private static func transport(_ word: String) throws -> ReaderOptions.Transport {
        guard let transport = ReaderOptions.Transport(rawValue: word) else {
            throw ValidationError("--transport is automatic, tcp or udp.")
        }
        return transport
    }

    private func limit() throws(VideoError) -> Double? {
        guard let seconds else { return nil }
        var description = DetectDescription()
        do throws(SettingError) {
            try description.set("input.for", to: [seconds])
        } catch {
            throw VideoError(.unsupported, "--for \(error.message).")
        }
        return description.input.liveFor
    }
}
