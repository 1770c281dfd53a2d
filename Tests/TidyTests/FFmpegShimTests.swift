import TestSupport
import Testing

/// The differences between FFmpeg 5.1 and 9 stand in the shim alone.
struct FFmpegShimTests {
    private static let shim = "Sources/CFFmpeg/CFFmpeg.h"

    /// Names that FFmpeg deprecated or removed between 5.1 and 9, each with a successor.
    private static let outdated: Set<String> = [
        "pkt_duration", "key_frame", "interlaced_frame", "top_field_first", "reordered_opaque",
        "pix_fmts", "sample_fmts", "supported_samplerates", "supported_framerates", "ch_layouts",
        "av_stream_get_side_data", "av_stream_add_side_data", "av_stream_new_side_data",
        "coded_picture_number", "display_picture_number", "pkt_pos", "pkt_size", "frame_number",
        "ticks_per_frame", "avcodec_close", "av_init_packet",
        "av_opt_set_int_list", "palette_has_changed",
    ]

    /// Names that only newer versions know, or that are of another type in some.
    private static let changing: Set<String> = [
        "AV_FRAME_FLAG_KEY", "AV_FRAME_FLAG_INTERLACED", "AV_FRAME_FLAG_TOP_FIELD_FIRST",
        "AV_CODEC_FLAG_COPY_OPAQUE", "coded_side_data", "av_packet_side_data_get",
        "avcodec_get_supported_config", "av_parser_init", "SwsContext", "sws_getContext",
        "sws_getCachedContext", "sws_scale", "sws_scale_frame", "sws_setColorspaceDetails",
        "sws_freeContext", "SWS_AREA", "SWS_BILINEAR", "SWS_BICUBIC", "SWS_ACCURATE_RND",
        "SWS_BITEXACT", "SWS_FULL_CHR_H_INT",
    ]

    private static func words(_ line: Substring) -> Set<String> {
        let code = line.split(separator: "//", omittingEmptySubsequences: false).first ?? ""
        return Set(code.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
    }

    @Test func swiftWritesNoNameThatDiffersBetweenVersions() throws {
        let files = try Repository.files(
            under: ["Sources", "Samples", "Tests"], endings: [".swift"])
        let users = files.filter { file in file.lines.contains { $0.hasSuffix("import CFFmpeg") } }
        #expect(users.count > 30)
        for file in users {
            for (index, line) in file.lines.enumerated() {
                let found = Self.words(line).intersection(Self.outdated.union(Self.changing))
                #expect(found.isEmpty, "\(file.path):\(index + 1) writes \(found.sorted())")
            }
        }
    }

    @Test func theShimWritesOutdatedNamesForOlderVersionsOnly() throws {
        let lines = try Repository.text(of: Self.shim).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 201, "the shim has \(lines.count) lines")
        var isOlder = false
        var conditions = 0
        for (index, line) in lines.enumerated() where !line.hasPrefix("#include") {
            if line.hasPrefix("#if TL_BEFORE(") {
                isOlder = true
                conditions += 1
            } else if line.hasPrefix("#else") || line.hasPrefix("#endif") {
                isOlder = false
            }
            let found = Self.words(line).intersection(Self.outdated)
            #expect(found.isEmpty || isOlder, "\(Self.shim):\(index + 1) writes \(found.sorted())")
        }
        #expect(conditions >= 8)
    }
}
