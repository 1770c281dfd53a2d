internal import Analytics
internal import Flow
internal import Foundation
internal import Pipeline
internal import Scene
internal import Video

/// Camera in `/api/cameras`.
///
/// Deprecated fields repeat a value under its former name for one release.
struct CameraReply: Encodable {
    let name: String
    let source: String
    let state: String
    let reason: String?
    let retrySeconds: Double?
    let transport: String
    let codec: String
    let width: Int
    let height: Int
    let connections: Int
    let losses: Int
    let framesPerSecond: Double
    let detectionsPerSecond: Double
    let ageSeconds: Double?
    let objects: Int
    let decoded: Int
    let detected: Int
    let tracked: Int
    let dropped: [String: Int]
    let superseded: Int
    let damaged: Int
    let lostPackets: Int
    let notDecoded: Int
    let decoderSkip: String
    let repairedTimestamps: Int
    let clockJumps: Int
    let recording: RecordingReply
    let zones: [ZoneReply]
    let lines: [LineReply]
    /// Deprecated: `detectionsPerSecond`.
    let looksPerSecond: Double
    /// Deprecated: `superseded`.
    let passedOver: Int
    /// Deprecated: `decoderSkip`.
    let leavesOut: String
    /// Deprecated: `repairedTimestamps`.
    let repairedStamps: Int

    init(_ status: CameraStatus) {
        name = status.name
        source = status.source
        state = status.state.rawValue
        reason = status.reason
        retrySeconds = status.retry.map { ($0 * 10).rounded() / 10 }
        transport = status.transport?.rawValue ?? "automatic"
        codec = status.codec
        width = status.width
        height = status.height
        connections = status.connections
        losses = status.losses
        framesPerSecond = (status.frameRate * 10).rounded() / 10
        detectionsPerSecond = (status.detectRate * 10).rounded() / 10
        ageSeconds = status.age.map { ($0 * 1000).rounded() / 1000 }
        objects = status.objectCount
        decoded = status.counts.decoded
        detected = status.counts.detected
        tracked = status.counts.tracked
        dropped = Dictionary(
            uniqueKeysWithValues: status.counts.dropped.map { ($0.key.rawValue, $0.value) })
        superseded = status.superseded
        damaged = status.report.damagedFrames
        lostPackets = status.report.missedPackets + status.report.latePackets
        notDecoded = status.report.skippedFrames
        decoderSkip = status.decoderSkip.rawValue
        repairedTimestamps = status.report.repairedTimestamps
        clockJumps = status.report.clockJumps
        recording = RecordingReply(status.recording)
        zones = status.counting.zones.map { ZoneReply(name: $0.name, inside: $0.inside) }
        lines = status.counting.lines.map { LineReply($0) }
        looksPerSecond = detectionsPerSecond
        passedOver = superseded
        leavesOut = decoderSkip
        repairedStamps = repairedTimestamps
    }
}

/// Recording of a camera in `/api/cameras`.
struct RecordingReply: Encodable {
    let state: String
    let reason: String?
    let isFull: Bool
    let bytes: Int64
    let files: Int
    let clips: Int
    let lost: Int
    let delaySeconds: Double
    let isBehind: Bool
    let clip: String?

    init(_ status: RecordingStatus) {
        state = status.state.rawValue
        reason = status.reason
        isFull = status.isFull
        bytes = status.bytes
        files = status.files
        clips = status.clips
        lost = status.lost
        delaySeconds = (status.delay * 10).rounded() / 10
        isBehind = status.isBehind
        clip = status.clip
    }
}

/// Objects in a zone by class, in `/api/cameras`.
struct ZoneReply: Encodable {
    let name: String
    let inside: [String: Int]
}

/// Crossings of a line by direction and class, in `/api/cameras`.
struct LineReply: Encodable {
    let name: String
    let counts: [String: [String: Int]]

    init(_ line: CountingStatus.LineStatus) {
        name = line.name
        counts = Dictionary(
            Direction.allCases.map {
                (line.directions[$0] ?? $0.rawValue, line.counts[$0] ?? [:])
            }, uniquingKeysWith: { $1 })
    }
}
