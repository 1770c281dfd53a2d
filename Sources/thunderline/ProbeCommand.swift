import ArgumentParser
import Configuration
import Flow
import Foundation
import Live
import Pipeline
import Video

/// `thunderline probe`: properties and defects of an input.
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Reports properties and defects of an input.",
        discussion: """
            Reads a recording, or --for of it, and reports container, streams, true frame rate, key frames, gaps, audio \
            and damage. Watches a camera for 10 seconds, or --for, and reports the transports that work, the time to the \
            first frame, true frame rate and jitter, key frame distance, clocks, losses, audio and bit rate, and advice \
            on its settings. Ctrl-C ends it early with a report of what was measured until then.

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
        help: "Treat an ambiguous source as live or as a recording.",
        completion: .list(SourceKind.allCases.map(\.rawValue)), transform: Self.kind)
    var kind = SourceKind.auto
    @Option(help: "Frames per second of a recording without timestamps, such as raw H.264.")
    var rate: Double?
    @Option(
        help: "Transport of RTSP: automatic tries TCP, then UDP; tcp; udp.",
        completion: .list(ConnectionDescription.Transport.allCases.map(\.rawValue)),
        transform: Self.transport)
    var transport = ConnectionDescription.Transport.automatic
    @Option(help: "An environment variable that holds a camera's user:password.")
    var credentialsVariable: String?
    @Option(help: "A file that holds a camera's user:password.", completion: .file())
    var credentialsFile: String?
    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        if credentialsVariable != nil && credentialsFile != nil {
            throw ValidationError("Credentials come from a variable or a file, not both.")
        }
        if (credentialsVariable ?? credentialsFile) != nil && !SourceList.isAddress(source) {
            throw ValidationError("Credentials are for addresses, not for files.")
        }
    }

    func run() throws {
        StopSignal.installHandlers()
        let address = try address()
        do throws(VideoError) {
            if try isLive(address) { return try watch(address) }
            var options = ReaderOptions()
            options.kind = kind
            options.rate = rate
            let probe = try SourceProbe.inspect(address, seconds: try limit(), options: options) {
                StopSignal.interrupt.isRequested
            }
            json ? sayJSON(try ProbeJSON.text(probe)) : say(ProbeText.text(probe))
        } catch {
            throw failure(ExitReason(error.kind), error.message)
        }
    }

    /// True for a camera; an HTTP address is opened to find out.
    private func isLive(_ address: String) throws(VideoError) -> Bool {
        guard kind == .auto else { return kind == .live }
        guard SourceList.isAmbiguous(source) else { return SourceList.isLive(source) }
        let reader = try VideoReader(address) { StopSignal.interrupt.isRequested }
        return reader.description.isLive
    }

    private func watch(_ address: String) throws(VideoError) {
        let console = Console(isQuiet: json, isTerminal: isatty(STDERR_FILENO) == 1)
        var options = ReaderOptions()
        options.transports = transport.candidates
        options.deadlines = CameraProbe.defaultDeadlines
        let probe = try CameraProbe.inspect(
            address, seconds: try limit() ?? 10, options: options,
            onAttempt: { transport, seconds in
                let attempt = transport.map { " over \($0.rawValue.uppercased())" } ?? ""
                console.info("watching\(attempt) for \(ProbeText.rounded(seconds)) s …")
            },
            stop: { StopSignal.interrupt.isRequested })
        json ? sayJSON(try ProbeJSON.text(probe)) : say(ProbeText.text(probe))
    }

    /// The camera's address, with credentials from a variable or a file.
    private func address() throws -> String {
        var camera = CameraDescription(name: redacted(source), source: source)
        camera.credentials.variable = credentialsVariable
        camera.credentials.file = credentialsFile
        do throws(RunError) {
            return try CameraAddress(camera, environment: ProgramEnvironment.variables).source
        } catch {
            throw failure(error.reason, error.message)
        }
    }

    private static func transport(_ word: String) throws -> ConnectionDescription.Transport {
        guard let transport = ConnectionDescription.Transport(rawValue: word) else {
            throw ValidationError("--transport is automatic, tcp or udp.")
        }
        return transport
    }

    private static func kind(_ word: String) throws -> SourceKind {
        guard let kind = SourceKind(rawValue: word) else {
            throw ValidationError("--kind is auto, live or recording.")
        }
        return kind
    }

    private func limit() throws(VideoError) -> Double? {
        guard let seconds else { return nil }
        do throws(SettingError) {
            return try SettingText.seconds(seconds)
        } catch {
            throw VideoError(.unsupported, "--for \(error.message).")
        }
    }
}
