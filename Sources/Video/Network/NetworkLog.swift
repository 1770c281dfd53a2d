internal import CFFmpeg
internal import Glibc
internal import Synchronization

/// Lines of FFmpeg's log that tell where it is about to go, passed to the guard of the thread.
enum NetworkLog {
    /// Guards of the threads that are in a call of FFmpeg.
    private static let guards = Mutex<[UInt: NetworkGuard]>([:])

    /// Runs a call of FFmpeg under a guard.
    static func under<Value>(
        _ network: NetworkGuard?, _ call: () throws(VideoError) -> Value
    ) throws(VideoError) -> Value {
        guard let network else { return try call() }
        let thread = UInt(pthread_self())
        guards.withLock { $0[thread] = network }
        defer { guards.withLock { _ = $0.removeValue(forKey: thread) } }
        return try call()
    }

    private enum Line: CaseIterable {
        case redirect, header, answer, connection

        /// Beginning of the format that FFmpeg passes to `av_log`, of at most 15 bytes.
        var mark: String {
            switch self {
            case .redirect: "Status %d: Redi"
            case .header: "header='%s'"
            case .answer: "line='%s'"
            case .connection: "Starting connec"
            }
        }
    }

    /// Judges a line of the log by its format; other lines cost a comparison of one character.
    static func note(
        _ source: UnsafeMutableRawPointer?, _ level: Int32, _ format: UnsafePointer<CChar>,
        _ arguments: CVaListPointer
    ) {
        guard unsafe [83, 104, 108].contains(format[0]),
            let line = Line.allCases.first(where: { line in
                unsafe strncmp(format, line.mark, line.mark.utf8.count) == 0
            }), let network = guards.withLock({ $0[UInt(pthread_self())] })
        else { return }
        let text = unsafe text(source, level, format, arguments)
        guard !isAllowed(line, text, network), let source = unsafe source else { return }
        // Forbids the object to open anything more: FFmpeg asks for this list before each connection.
        unsafe _ = av_opt_set(source, "protocol_whitelist", "none", 0)
    }

    private static func isAllowed(_ line: Line, _ text: String, _ network: NetworkGuard) -> Bool {
        switch line {
        case .redirect:
            guard let mark = text.firstRange(of: "Redirecting to ") else { return true }
            return network.allows(String(text[mark.upperBound...].prefix { $0 != "\n" }))
        case .connection:
            let words = text.split(separator: " ")
            return words.count < 5 || network.allowsConnection(to: String(words[4]))
        case .header, .answer:
            guard let (name, value) = field(text) else { return true }
            switch name {
            case "location": return line == .answer || network.allows(value)
            case "www-authenticate":
                let kind = value.lowercased()
                network.offers(basic: kind.hasPrefix("basic"), digest: kind.hasPrefix("digest"))
            case "content-length" where line == .answer:
                if (Int(value) ?? .max) > NetworkGuard.textLimit { network.refuseText() }
            default: break
            }
            return true
        }
    }

    /// Name in lower case and value of a header field in quotes.
    private static func field(_ text: String) -> (name: String, value: String)? {
        guard let open = text.firstIndex(of: "'"), let close = text.lastIndex(of: "'"),
            open < close, let colon = text[open..<close].firstIndex(of: ":")
        else { return nil }
        let value = text[text.index(after: colon)..<close].drop { $0.isWhitespace }
        return (text[text.index(after: open)..<colon].lowercased(), String(value))
    }

    private static func text(
        _ source: UnsafeMutableRawPointer?, _ level: Int32, _ format: UnsafePointer<CChar>,
        _ arguments: CVaListPointer
    ) -> String {
        let capacity = 8192
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { text in
            unsafe text.initialize(repeating: 0)
            var prefix: Int32 = 0
            unsafe _ = av_log_format_line2(
                source, level, format, arguments, text.baseAddress, Int32(capacity), &prefix)
            guard let start = text.baseAddress else { return "" }
            return unsafe String(cString: start)
        }
    }
}
