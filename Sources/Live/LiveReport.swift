internal import Flow
public import Pipeline
internal import Video

/// Outcome of a run over cameras.
public struct LiveReport: Sendable {
    /// Status of each camera at the end.
    public let cameras: [CameraStatus]
    /// Duration in seconds of wall time.
    public let seconds: Double
    /// Error that ended the run; nil without one.
    public let failure: RunError?

    /// Exit code: success when every camera sent frames.
    public var reason: ExitReason {
        if let failure { return failure.reason }
        if cameras.contains(where: { !$0.counts.check() }) { return .failed }
        if let stopped = cameras.map(\.recording).first(where: { $0.state == .stopped }) {
            return stopped.isFull ? .diskFull : .notWritable
        }
        let silent = cameras.filter { $0.counts.decoded == 0 }
        return silent.isEmpty ? .done : silent.count == cameras.count ? .timedOut : .someFailed
    }

    /// Lines printed at the end of a run.
    public var closing: [String] {
        var lines = cameras.map { camera in
            let rate = seconds > 0 ? Double(camera.counts.detected) / seconds : 0
            return
                "\(camera.name): \(camera.counts); \(pluralized(camera.losses, "connection", "connections")) lost; "
                + "\(DecimalText.text(rate, decimals: 1)) detections/s"
        }
        lines += cameras.compactMap(\.recordingLine)
        for camera in cameras {
            lines += camera.counting.lines.map { "\(camera.name): \($0.text)" }
        }
        for camera in cameras {
            lines += camera.report.warnings.map { "\(camera.name): note: \($0)" }
        }
        for camera in cameras where camera.state != .watching {
            let reason = camera.reason.map { ": \($0)" } ?? ""
            lines.append("\(camera.name): no frames at the end\(reason)")
        }
        for camera in cameras where !camera.counts.check() {
            lines.append("\(camera.name): frames do not add up: \(camera.counts)")
        }
        return lines
    }
}

extension CameraStatus {
    /// Line about the recording; nil without one.
    fileprivate var recordingLine: String? {
        guard recording.state != .off else { return nil }
        let size = DecimalText.text(Double(recording.bytes) / 1e6, decimals: 1)
        let lost = recording.lost == 0 ? "" : "; \(recording.lost) packets or frames lost"
        let stopped =
            recording.state == .stopped ? "; stopped at the end: \(recording.reason ?? "")" : ""
        let files = recording.files == 1 ? "1 file" : "\(recording.files) files"
        return "\(name): recorded \(files) (\(recording.clips) clips), \(size) MB"
            + lost + stopped
    }

    /// Status in one line.
    var line: String {
        guard state == .watching else {
            return "\(name): \(state.rawValue)" + (reason.map { "; \($0)" } ?? "")
        }
        let rates =
            "\(DecimalText.text(frameRate, decimals: 1)) frames/s, "
            + "\(DecimalText.text(detectRate, decimals: 1)) detections/s"
        let age = age.map { ", age \(DecimalText.text($0 * 1000, decimals: 0)) ms" } ?? ""
        let behind =
            recording.isBehind
            ? "; recording lags by \(DecimalText.text(recording.delay, decimals: 0)) s" : ""
        return "\(name): \(rates)\(age), \(pluralized(objectCount, "object", "objects"))\(behind)"
    }
}
