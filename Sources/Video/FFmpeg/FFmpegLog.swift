internal import CFFmpeg
internal import Glibc
internal import Synchronization

/// Captures FFmpeg's log.
///
/// Keeps the log away from standard error, and the last error line of each thread for use in
/// messages.
enum FFmpegLog {
    private struct Line {
        let thread: UInt
        let text: String
    }

    /// Last lines of recent threads; bounded because threads come and go.
    private static let lines = Mutex<[Line]>([])
    private static let capacity = 16
    /// Packet losses by `AVFormatContext`, in whose name FFmpeg logs them.
    private static let packetLosses = Mutex<[UInt: PacketLoss]>([:])

    private static let installed: Void = {
        unsafe av_log_set_callback { source, level, format, arguments in
            guard let format = unsafe format, let arguments = unsafe arguments else { return }
            unsafe NetworkLog.note(source, level, format, arguments)
            guard level <= AV_LOG_WARNING else { return }
            let name = UInt(bitPattern: source)
            let isWatched = FFmpegLog.packetLosses.withLock { $0[name] != nil }
            if level > AV_LOG_ERROR && !isWatched { return }
            let text = unsafe FFmpegLog.line(source, level, format, arguments)
            if isWatched { FFmpegLog.packetLosses.withLock { $0[name]?.parse(text) } }
            if level <= AV_LOG_ERROR { FFmpegLog.remember(text) }
        }
    }()

    /// Installs the log callback once per process and clears the line of the current thread.
    static func capture() {
        _ = installed
        let thread = UInt(pthread_self())
        lines.withLock { $0.removeAll { $0.thread == thread } }
    }

    /// Last error that FFmpeg logged on this thread since ``capture()``.
    static var lastLine: String? {
        let thread = UInt(pthread_self())
        return lines.withLock { $0.last { $0.thread == thread }?.text }
    }

    /// Starts counting packet losses of a source.
    static func watch(_ source: UnsafeRawPointer) {
        packetLosses.withLock { $0[UInt(bitPattern: source)] = PacketLoss() }
    }

    /// Packet losses of a watched source.
    static func packetLoss(of source: UnsafeRawPointer) -> PacketLoss {
        packetLosses.withLock { $0[UInt(bitPattern: source)] ?? PacketLoss() }
    }

    /// Stops counting for a source that is about to be closed.
    static func forget(_ source: UnsafeRawPointer) {
        packetLosses.withLock { _ = $0.removeValue(forKey: UInt(bitPattern: source)) }
    }

    private static func line(
        _ source: UnsafeMutableRawPointer?, _ level: Int32, _ format: UnsafePointer<CChar>,
        _ arguments: CVaListPointer
    ) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { text in
            unsafe text.initialize(repeating: 0)
            var prefix: Int32 = 1
            unsafe _ = av_log_format_line2(
                source, level, format, arguments, text.baseAddress, 1024, &prefix)
            guard let start = text.baseAddress else { return "" }
            return unsafe tidy(String(cString: start))
        }
    }

    /// Trims white space and removes addresses such as the one in `[tcp @ 0x7f…]`.
    static func tidy(_ line: String) -> String {
        var line = line[...]
        while line.last?.isWhitespace == true { line.removeLast() }
        while let open = line.firstRange(of: " @ 0x"),
            let close = line[open.upperBound...].firstIndex(of: "]")
        {
            line = line[..<open.lowerBound] + line[close...]
        }
        return String(line)
    }

    private static func remember(_ text: String) {
        guard !text.isEmpty else { return }
        let thread = UInt(pthread_self())
        lines.withLock { lines in
            lines.removeAll { $0.thread == thread }
            if lines.count == capacity { lines.removeFirst() }
            lines.append(Line(thread: thread, text: text))
        }
    }
}
