internal import CFFmpeg
internal import Synchronization

/// Input that FFmpeg opens on its own for a network source: the source itself, playlists, their entries.
///
/// Addresses are judged before they are opened. Text that FFmpeg reads whole is bounded, and so is what
/// comes without a frame. The read callback of each context is replaced in place, because HLS finds the
/// address after a redirect through the context's own class.
enum NetworkIO {
    @safe private struct Input {
        let network: NetworkGuard
        let read:
            @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt8>?, Int32) ->
                Int32
        /// Context of the source, whose format tells whether this input is text; nil for entries.
        let source: UInt?
        var bytes = 0
        var head: [UInt8] = []
        /// Last bytes of a playlist, which may begin a tag.
        var tail: [UInt8] = []
    }

    /// Open inputs by the address of their protocol's context.
    private static let inputs = Mutex<[UInt: Input]>([:])

    private static let standardOpen = {
        var context = unsafe avformat_alloc_context()
        defer { unsafe avformat_free_context(context) }
        return unsafe context?.pointee.io_open
    }()

    /// Options that let each response be an input of its own.
    static let options = ["http_persistent": "0", "http_multiple": "0"]

    /// First bytes that FFmpeg's HLS demuxer requires.
    private static let playlistMark = Array("#EXTM3U".utf8)
    /// Formats that FFmpeg reads whole before the first packet.
    private static let textFormats: Set<String> = [
        "hls", "dash", "sdp", "concat", "imf", "webvtt", "srt", "ass", "aqtitle", "jacosub", "lrc",
        "microdvd", "mpl2", "mpsub", "pjs", "realtext", "sami", "scc", "stl", "subviewer",
        "subviewer1", "vplayer", "tedcaptions",
    ]

    /// Lets a guard judge what a source opens; it must outlive the context.
    static func install(_ network: NetworkGuard, on context: UnsafeMutablePointer<AVFormatContext>)
    {
        // SAFETY: the demuxer holds the guard until it has closed the context.
        unsafe context.pointee.opaque = Unmanaged.passUnretained(network).toOpaque()
        unsafe context.pointee.io_open = { context, io, address, flags, options in
            unsafe NetworkIO.open(context, io, address, flags, options)
        }
    }

    /// Forgets the inputs of a source that is closed.
    static func forget(_ network: NetworkGuard) {
        inputs.withLock { inputs in inputs = inputs.filter { $0.value.network !== network } }
    }

    private static func open(
        _ context: UnsafeMutablePointer<AVFormatContext>?,
        _ io: UnsafeMutablePointer<UnsafeMutablePointer<AVIOContext>?>?,
        _ address: UnsafePointer<CChar>?, _ flags: Int32,
        _ options: UnsafeMutablePointer<OpaquePointer?>?
    ) -> Int32 {
        guard let context = unsafe context, let opaque = unsafe context.pointee.opaque,
            let standard = unsafe standardOpen
        else { return tl_error_invalid_data }
        let network = unsafe Unmanaged<NetworkGuard>.fromOpaque(opaque).takeUnretainedValue()
        let url = unsafe text(address)
        let isSource = unsafe url == text(context.pointee.url)
        guard isSource || network.allows(url) else { return tl_error_from_errno(13) }
        let code = unsafe standard(context, io, address, flags, options)
        if code >= 0, let opened = unsafe io?.pointee {
            unsafe watch(opened, network, source: isSource ? UInt(bitPattern: context) : nil)
        }
        return code
    }

    private static func watch(
        _ io: UnsafeMutablePointer<AVIOContext>, _ network: NetworkGuard, source: UInt?
    ) {
        guard let key = unsafe io.pointee.opaque, let read = unsafe io.pointee.read_packet else {
            return
        }
        let input = unsafe Input(network: network, read: read, source: source)
        inputs.withLock { $0[UInt(bitPattern: key)] = input }
        unsafe io.pointee.read_packet = { key, bytes, size in
            unsafe NetworkIO.read(key, bytes, size)
        }
    }

    private static func read(
        _ key: UnsafeMutableRawPointer?, _ bytes: UnsafeMutablePointer<UInt8>?, _ size: Int32
    ) -> Int32 {
        let number = UInt(bitPattern: key)
        guard let input = inputs.withLock({ $0[number] }) else {
            return tl_error_invalid_data
        }
        let count = unsafe input.read(key, bytes, size)
        guard count > 0, let bytes = unsafe bytes else { return count }
        let chunk = unsafe UnsafeBufferPointer(start: bytes, count: Int(count))
        let isText = unsafe note(chunk, number)
        if isText { input.network.refuseText() }
        return input.network.receives(Int(count)) ? count : tl_error_invalid_data
    }

    /// Counts bytes; true for text above the limit.
    private static func note(_ chunk: UnsafeBufferPointer<UInt8>, _ number: UInt) -> Bool {
        inputs.withLock { inputs in
            guard var input = inputs[number] else { return false }
            input.bytes += chunk.count
            unsafe input.head.append(
                contentsOf: chunk.prefix(playlistMark.count - input.head.count))
            if input.head == playlistMark {
                let text = unsafe input.tail + chunk
                if Playlist.hasDiscontinuity(text) { input.network.noteDiscontinuity() }
                input.tail = text.suffix(Playlist.discontinuity.count)
            }
            inputs[number] = input
            guard input.bytes > NetworkGuard.textLimit else { return false }
            return input.head == playlistMark || isText(input.source)
        }
    }

    private static func isText(_ source: UInt?) -> Bool {
        guard let source, let context = unsafe UnsafePointer<AVFormatContext>(bitPattern: source),
            let format = unsafe context.pointee.iformat
        else { return false }
        return unsafe text(format.pointee.name).split(separator: ",")
            .contains { textFormats.contains(String($0)) }
    }
}
