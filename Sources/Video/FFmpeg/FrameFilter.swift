internal import CFFmpeg

/// Filter graph with one source and one sink, for rotation, deinterlacing and conversion.
///
/// SAFETY of `@unchecked Sendable`: noncopyable, and the only owner of the memory behind its
/// pointers.
@safe struct FrameFilter: ~Copyable, @unchecked Sendable {
    /// Frame properties that the graph is configured for.
    struct Input: Hashable {
        let width: Int32
        let height: Int32
        let format: Int32
        let sampleAspectRatio: Ratio

        init(_ frame: UnsafeMutablePointer<AVFrame>) {
            width = unsafe frame.pointee.width
            height = unsafe frame.pointee.height
            format = unsafe frame.pointee.format
            unsafe sampleAspectRatio = Ratio(frame.pointee.sample_aspect_ratio)
        }
    }

    let input: Input
    private let timeBase: AVRational
    private let graph: UnsafeMutablePointer<AVFilterGraph>
    private let source: UnsafeMutablePointer<AVFilterContext>
    private let sink: UnsafeMutablePointer<AVFilterContext>

    /// Builds a graph from FFmpeg's filter syntax, such as `transpose=clock`.
    init(_ steps: String, input: Input, timeBase: Ratio) throws(VideoError) {
        let parts = try unsafe Self.build(steps, input, timeBase)
        self.input = input
        self.timeBase = timeBase.rational
        unsafe graph = unsafe parts.graph
        unsafe source = unsafe parts.source
        unsafe sink = unsafe parts.sink
    }

    deinit {
        var graph: UnsafeMutablePointer<AVFilterGraph>? = unsafe graph
        unsafe avfilter_graph_free(&graph)
    }

    /// Sends a frame, moving its reference, or nil at the end.
    func push(_ frame: UnsafeMutablePointer<AVFrame>?) throws(VideoError) {
        try check(unsafe av_buffersrc_add_frame_flags(source, frame, 0), "Filtering a frame")
    }

    /// Receives the next frame with its timestamp in the stream's time base; false if there is none
    /// yet.
    func pull(into frame: UnsafeMutablePointer<AVFrame>) throws(VideoError) -> Bool {
        unsafe av_frame_unref(frame)
        let code = unsafe av_buffersink_get_frame(sink, frame)
        if code == tl_error_again || code == tl_error_end { return false }
        try check(code, "Filtering a frame")
        let timestamp = unsafe frame.pointee.pts
        let clock = unsafe av_buffersink_get_time_base(sink)
        unsafe frame.pointee.pts = av_rescale_q(timestamp, clock, timeBase)
        return true
    }

    @unsafe private struct Parts {
        let graph: UnsafeMutablePointer<AVFilterGraph>
        let source: UnsafeMutablePointer<AVFilterContext>
        let sink: UnsafeMutablePointer<AVFilterContext>
    }

    private static func build(
        _ steps: String, _ input: Input, _ timeBase: Ratio
    ) throws(VideoError) -> Parts {
        var graph = unsafe avfilter_graph_alloc()
        guard let made = unsafe graph else {
            throw VideoError(.other, "Building a filter: out of memory.")
        }
        do throws(VideoError) {
            return try unsafe connect(made, steps, input, timeBase)
        } catch {
            unsafe avfilter_graph_free(&graph)
            throw error
        }
    }

    private static func connect(
        _ graph: UnsafeMutablePointer<AVFilterGraph>, _ steps: String, _ input: Input,
        _ timeBase: Ratio
    ) throws(VideoError) -> Parts {
        let doing = "Preparing the filter \(steps)"
        let aspect = input.sampleAspectRatio.value > 0 ? input.sampleAspectRatio : Ratio(0, 1)
        let inputFilter =
            "buffer@in=video_size=\(input.width)x\(input.height):pix_fmt=\(input.format)"
            + ":time_base=\(timeBase):pixel_aspect=\(aspect)"
        // Bit-exact conversion makes results independent of the processor.
        unsafe graph.pointee.scale_sws_opts = av_strdup("flags=bicubic+accurate_rnd+bitexact")
        unsafe graph.pointee.nb_threads = 1
        var inputs: UnsafeMutablePointer<AVFilterInOut>?
        var outputs: UnsafeMutablePointer<AVFilterInOut>?
        let description = "\(inputFilter),\(steps),buffersink@out"
        let code = unsafe avfilter_graph_parse2(graph, description, &inputs, &outputs)
        unsafe avfilter_inout_free(&inputs)
        unsafe avfilter_inout_free(&outputs)
        try check(code, doing)
        try check(unsafe avfilter_graph_config(graph, nil), doing)
        guard let source = unsafe avfilter_graph_get_filter(graph, "buffer@in"),
            let sink = unsafe avfilter_graph_get_filter(graph, "buffersink@out")
        else { throw VideoError(.other, "\(doing): the graph has no source or sink.") }
        return unsafe Parts(graph: graph, source: source, sink: sink)
    }
}
