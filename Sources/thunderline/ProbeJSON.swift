import Foundation
import Video

/// Report of a probe as one JSON object: times in seconds, unknown values left out.
enum ProbeJSON {
    private struct Stream: Encodable {
        let kind: String
        let codec: String
        let watched: Bool
    }

    private struct Picture: Encodable {
        let width: Int
        let height: Int
        let pixelFormat: String
        let color: String
        let profile: String
        let rotation: Int
        let statedRate: Double
        let interlaced: Bool

        init(_ picture: VideoDescription, _ color: String, _ profile: String) {
            (width, height) = (picture.width, picture.height)
            (pixelFormat, rotation) = (picture.pixelFormat, picture.rotation)
            (statedRate, interlaced) = (picture.nominalRate.value, picture.isInterlaced)
            (self.color, self.profile) = (color, profile)
        }
    }

    private struct Finding: Encodable {
        let weight: String
        let sentence: String
    }

    private struct Damage: Encodable {
        let corruptPackets: Int
        let decodeErrors: Int
        let damagedFrames: Int
        let missingTimestamps: Int
        let repairedTimestamps: Int
        let clockJumps: Int

        init(_ report: ReadReport) {
            (corruptPackets, decodeErrors) = (report.corruptPackets, report.decodeErrors)
            (damagedFrames, missingTimestamps) = (report.damagedFrames, report.missingTimestamps)
            (repairedTimestamps, clockJumps) = (report.repairedTimestamps, report.clockJumps)
        }
    }

    private struct Recording: Encodable {
        let source: String
        let format: String
        let live = false
        let duration: Double?
        let complete: Bool
        let streams: [Stream]
        let picture: Picture
        let frames: Int
        let rate: Double
        let shortestStep: Double
        let longestStep: Double
        let keyFrameDistance: Int
        let damage: Damage
        let findings: [Finding]
    }

    private struct Attempt: Encodable {
        let transport: String
        let works: Bool
        let firstFrame: Double?
        /// Former name of `firstFrame`, written for one release.
        let firstPicture: Double?
        let missedPackets: Int
        let latePackets: Int
        let failure: String?

        init(_ attempt: CameraProbe.TransportAttempt) {
            transport = attempt.transport?.rawValue ?? "automatic"
            works = attempt.firstFrame != nil
            (firstFrame, firstPicture) = (attempt.firstFrame, attempt.firstFrame)
            failure = attempt.failure
            (missedPackets, latePackets) = (attempt.missedPackets, attempt.latePackets)
        }
    }

    private struct Steps: Encodable {
        let rate: Double
        let shortest: Double
        let median: Double
        let p99: Double?
        let longest: Double
        let jitter: Double

        init(_ steps: CameraProbe.Steps) {
            (rate, jitter) = (steps.rate, steps.jitter)
            (shortest, median) = (steps.shortest, steps.median)
            (p99, longest) = (steps.percentile99, steps.longest)
        }
    }

    private struct Camera: Encodable {
        struct Opening: Encodable {
            let streamsKnown: Double
            let firstKeyFrame: Double?
            let firstFrame: Double?
            /// Former name of `firstFrame`, written for one release.
            let firstPicture: Double?

            init(_ opening: CameraProbe.Opening) {
                streamsKnown = opening.streamsKnown
                firstKeyFrame = opening.firstKeyFrame
                (firstFrame, firstPicture) = (opening.firstFrame, opening.firstFrame)
            }
        }
        struct KeyFrames: Encodable {
            let count: Int
            let framesApart: Int?
            let secondsApart: Double?
            let secondsWithout: Double

            init(_ keys: CameraProbe.KeyFrames) {
                (count, framesApart) = (keys.count, keys.frames)
                (secondsApart, secondsWithout) = (keys.seconds, keys.secondsWithout)
            }
        }
        struct Clock: Encodable {
            let wallOffset: Double?
            let driftPpm: Double?
            let driftUncertaintyPpm: Double?

            init(_ clock: CameraProbe.Clock) {
                wallOffset = clock.wallOffset
                driftPpm = clock.drift?.partsPerMillion
                driftUncertaintyPpm = clock.drift?.uncertainty
            }
        }
        struct Audio: Encodable {
            let codec: String
            let sampleRate: Int
            let channels: Int
            let packets: Int

            init(_ audio: CameraProbe.AudioStream) {
                (codec, sampleRate) = (audio.codec, audio.sampleRate)
                (channels, packets) = (audio.channels, audio.packets)
            }
        }

        let source: String
        let format: String
        let live = true
        let watchedS: Double
        let stoppedEarly: Bool
        let streams: [Stream]
        let transports: [Attempt]
        let opening: Opening
        let picture: Picture
        let frames: Int
        let timestamps: Steps
        /// Former name of `timestamps`, written for one release.
        let stamps: Steps
        let arrivals: Steps
        let reordering: Int
        let repeatedTimestamps: Int
        let keyFrames: KeyFrames
        let clock: Clock
        let bitRate: Double
        let largestFrameBytes: Int
        /// Former name of `largestFrameBytes`, written for one release.
        let largestPictureBytes: Int
        let audio: [Audio]
        /// Former name of `audio`, written for one release.
        let sound: [Audio]
        let losses: [String]
        let damage: Damage
        let findings: [Finding]
    }

    static func text(_ probe: SourceProbe) throws(VideoError) -> String {
        let source = probe.description
        return try encoded(
            Recording(
                source: source.name, format: source.format, duration: source.duration,
                complete: probe.isComplete, streams: streams(source),
                picture: Picture(source.video, probe.color, probe.profile),
                frames: probe.report.frames, rate: probe.timing.rate,
                shortestStep: probe.timing.shortestStep, longestStep: probe.timing.longestStep,
                keyFrameDistance: probe.timing.longestKeyFrameDistance,
                damage: Damage(probe.report),
                findings: findings(probe.findings)))
    }

    static func text(_ probe: CameraProbe) throws(VideoError) -> String {
        let source = probe.description
        let audio = probe.audio.map(Camera.Audio.init)
        return try encoded(
            Camera(
                source: source.name, format: source.format, watchedS: probe.seconds,
                stoppedEarly: probe.isStopped, streams: streams(source),
                transports: probe.transports.map(Attempt.init),
                opening: Camera.Opening(probe.opening),
                picture: Picture(source.video, probe.color, probe.profile),
                frames: probe.report.frames, timestamps: Steps(probe.timestamps),
                stamps: Steps(probe.timestamps),
                arrivals: Steps(probe.arrivals), reordering: probe.order.reordering,
                repeatedTimestamps: probe.order.repeated,
                keyFrames: Camera.KeyFrames(probe.keyFrames), clock: Camera.Clock(probe.clock),
                bitRate: probe.volume.bitRate,
                largestFrameBytes: probe.volume.largestFrame,
                largestPictureBytes: probe.volume.largestFrame, audio: audio, sound: audio,
                losses: probe.losses, damage: Damage(probe.report),
                findings: findings(probe.findings)))
    }

    private static func streams(_ source: SourceDescription) -> [Stream] {
        source.streams.enumerated().map { index, stream in
            Stream(
                kind: stream.kind.rawValue, codec: stream.codec,
                watched: index == source.videoStream)
        }
    }

    private static func findings(_ findings: [SourceProbe.Finding]) -> [Finding] {
        findings.map { Finding(weight: $0.weight.rawValue, sentence: $0.sentence) }
    }

    private static func encoded(_ value: some Encodable) throws(VideoError) -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw VideoError(.other, "Writing JSON: \(error).")
        }
    }
}
