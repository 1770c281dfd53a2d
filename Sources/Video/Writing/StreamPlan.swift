internal import CFFmpeg

/// Handling of each source stream, decided before the first packet.
struct StreamPlan {
    /// Handling of a stream; `output` is its index in the file.
    enum Role: Equatable {
        case video(output: Int)
        case copy(output: Int)
        case encode(output: Int)
        case drop
    }

    private(set) var roles: [Role] = []
    private(set) var dropped: [WriteReport.DroppedStream] = []

    init(
        _ source: SourceDescription, _ container: Container, _ options: WriterOptions,
        _ diagnostics: Diagnostics
    ) {
        // Players show the first video stream: it is the annotated one.
        var outputs = 1
        for (index, stream) in source.streams.enumerated() {
            // Chapters and the time code are written from metadata.
            let isWanted = options.writesOtherStreams || index == source.videoStream
            guard isWanted, !Self.holdsChapters(stream, of: source), !TimeCode.isTrack(stream)
            else {
                roles.append(.drop)
                continue
            }
            let role = Self.role(
                of: stream, isVideo: index == source.videoStream, output: outputs, container,
                options)
            switch role {
            case .success(let role):
                roles.append(role)
                if index != source.videoStream { outputs += 1 }
                if case .encode = role, options.audio.contains(.copy) {
                    Self.noteEncoding(stream, container, diagnostics)
                }
            case .failure(let reason):
                roles.append(.drop)
                drop(index, stream, reason.text)
            }
        }
    }

    /// Disposition of a stream: of several video streams, the annotated one is the default.
    func disposition(of index: Int, in source: SourceDescription) -> Int32 {
        let given = source.streams[index].disposition
        let videos = source.streams.indices.filter {
            source.streams[$0].kind == .video && roles[$0] != .drop
        }
        guard videos.count > 1, videos.contains(index) else { return given }
        return index == source.videoStream
            ? given | AV_DISPOSITION_DEFAULT : given & ~AV_DISPOSITION_DEFAULT
    }

    /// True for the text track that mp4 and mov use for chapters, which are copied separately.
    private static func holdsChapters(_ stream: StreamDescription, of source: SourceDescription)
        -> Bool
    {
        let text: UInt32 = 0x7478_6574  // "text", first letter lowest
        return unsafe stream.kind == .data && !source.chapters.isEmpty
            && stream.parameters.pointer.pointee.codec_tag == text
    }

    private struct Reason: Error { var text: String }

    private mutating func drop(_ index: Int, _ stream: StreamDescription, _ reason: String) {
        let codec = stream.codec.isEmpty || stream.codec == "none" ? "unknown" : stream.codec
        dropped.append(
            .init(index: index, name: "\(stream.kind.rawValue) (\(codec))", reason: reason))
    }

    private static func noteEncoding(
        _ stream: StreamDescription, _ container: Container, _ diagnostics: Diagnostics
    ) {
        diagnostics.add(
            "The audio was re-encoded to AAC, because \(container.rawValue) cannot hold \(stream.codec)."
        )
    }

    private static func role(
        of stream: StreamDescription, isVideo: Bool, output: Int, _ container: Container,
        _ options: WriterOptions
    ) -> Result<Role, Reason> {
        if isVideo { return .success(.video(output: 0)) }
        if stream.kind == .audio, options.audio.isEmpty {
            return .failure(Reason(text: "audio was turned off"))
        }
        if stream.disposition & AV_DISPOSITION_ATTACHED_PIC != 0, container != .mp4 {
            return .failure(Reason(text: "cover art is kept in mp4 only"))
        }
        let canHold = unsafe container.canHold(
            stream.parameters.pointer, timeBase: stream.timeBase, metadata: stream.metadata)
        if canHold, stream.kind != .audio || options.audio.contains(.copy) {
            return .success(.copy(output: output))
        }
        guard stream.kind == .audio, options.audio.contains(.reencode) else {
            return .failure(Reason(text: "\(container.rawValue) cannot hold it"))
        }
        guard unsafe avcodec_find_decoder(stream.parameters.pointer.pointee.codec_id) != nil else {
            let reason = canHold ? "" : "\(container.rawValue) cannot hold it and "
            return .failure(Reason(text: reason + "this FFmpeg cannot decode it"))
        }
        return .success(.encode(output: output))
    }
}

/// Selects the metadata that is still valid in the output.
enum Metadata {
    /// Metadata of the file.
    static func ofFile(_ source: [String: String], replacing: [String: String]) -> [String: String]
    {
        let stale: Set = [
            "encoder", "major_brand", "minor_version", "compatible_brands", "duration",
        ]
        return source.filter { !stale.contains($0.key.lowercased()) }
            .merging(replacing) { $1 }.filter { !$0.value.isEmpty }
    }

    /// Metadata of a stream, without statistics, and without encoder properties if it was
    /// re-encoded.
    static func ofStream(_ source: [String: String], isEncoded: Bool) -> [String: String] {
        source.filter { entry in
            let key = entry.key.uppercased()
            let statistics = [
                "BPS", "DURATION", "NUMBER_OF_FRAMES", "NUMBER_OF_BYTES", "_STATISTICS",
            ]
            if statistics.contains(where: { key.hasPrefix($0) }) { return false }
            return !isEncoded || !["ENCODER", "ROTATE", "VENDOR_ID"].contains(key)
        }
    }
}
