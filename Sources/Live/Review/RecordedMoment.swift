internal import Foundation
internal import Video

/// Finished recording of a moment, and the results beside it.
struct RecordedMoment: Encodable {
    /// Address of the video.
    let video: String
    /// Address of the results; nil without any.
    let results: String?
    /// Seconds from the begin of the recording to the moment.
    let offset: Double

    /// Longest recording in seconds: the largest segment, and what its last key frame adds.
    static let longest = 86_400.0 + 600

    /// Finds the recording in a camera's folder that began last before a time in seconds since 1970; nil without one.
    ///
    /// Clips are left out: their name tells the time of the request. A recording that is still written is newer than
    /// a finished one, whose end then comes before the moment; the player shows that.
    init?(of camera: String, at time: Double, in folder: RealFolder) {
        let files = folder.names.compactMap { file -> (name: RecordingName, file: String)? in
            guard let name = RecordingName(file: file, camera: camera), !name.isClip else {
                return nil
            }
            return (name, file)
        }
        let began = files.compactMap { $0.name.time }.filter { $0 <= time + 1 }.max()
        guard let began, time - began < Self.longest else { return nil }
        let finished = files.filter { $0.name.time == began && $0.name.isFinished(as: $0.file) }
            .map(\.file)
        guard let video = finished.first(where: { !$0.hasSuffix(".ndjson") }) else { return nil }
        self.video = "recordings/\(camera)/\(video)"
        results = finished.first { $0.hasSuffix(".ndjson") }.map { "recordings/\(camera)/\($0)" }
        offset = max(0, time - began)
    }
}
