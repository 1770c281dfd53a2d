internal import CFFmpeg

/// Streams and metadata of the output.
extension VideoWriter {
    /// Configuration of the muxer, once the encoder is known.
    func muxerConfiguration(_ encoder: VideoEncoder) throws(VideoError)
        -> MuxerConfiguration
    {
        var streams: [(output: Int, stream: MuxStream)] = []
        for (index, role) in plan.roles.enumerated() {
            let stream = first.streams[index]
            switch role {
            case .drop: continue
            case .video(let output):
                let made = try encoder.stream(
                    disposition: plan.disposition(of: index, in: first),
                    metadata: videoMetadata(stream), rate: first.video.nominalRate)
                streams.append((output, made))
            case .copy(let output):
                let made = MuxStream(
                    parameters: stream.parameters, timeBase: stream.timeBase,
                    metadata: Metadata.ofStream(stream.metadata, isEncoded: false),
                    disposition: plan.disposition(of: index, in: first), rate: stream.rate)
                streams.append((output, made))
            case .encode(let output):
                guard let transcoder = transcoders[index] else { continue }
                streams.append((output, try transcoder.stream(like: stream)))
            }
        }
        return MuxerConfiguration(
            container: container,
            streams: streams.sorted { $0.output < $1.output }.map(\.stream),
            metadata: Metadata.ofFile(first.metadata, replacing: options.metadata)
                .filter { !TimeCode.isKey($0.key) },
            chapters: first.chapters.map(timeline.shifted))
    }

    /// Metadata of the video, with the time code of the output's first frame.
    private func videoMetadata(_ stream: StreamDescription) -> [String: String] {
        var metadata = Metadata.ofStream(stream.metadata, isEncoded: true)
            .filter { !TimeCode.isKey($0.key) }
        guard let given = TimeCode.first(of: first) else { return metadata }
        let skipped = -timeline.offset.seconds - first.start
        let isPart = options.timeOrigin != .source && skipped > 0
        let rate = first.video.nominalRate
        if let code = TimeCode.later(given, by: isPart ? skipped : 0, rate: rate) {
            metadata[TimeCode.key] = code
        } else {
            diagnostics.add("The time code \(given) does not fit the frame rate; it was left out.")
        }
        return metadata
    }
}
