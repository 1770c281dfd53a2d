import Foundation
import Testing

/// Sends an MPEG transport stream to a pipe in real time.
///
/// SAFETY of `@unchecked Sendable`: `lock` guards all mutable state.
final class TransportStreamSender: @unchecked Sendable {
    private let lock = NSLock()
    private var times: [Double] = []
    private var isStopped = false

    init(_ file: String, into pipe: String, framesPerSecond: Double) throws {
        let pieces = Self.frames(of: try Data(contentsOf: URL(fileURLWithPath: file)))
        try #require(pieces.count > 30)
        Thread.detachNewThread { [self] in
            guard let target = FileHandle(forWritingAtPath: pipe) else { return }
            let start = ProcessInfo.processInfo.systemUptime
            for (number, piece) in pieces.enumerated() {
                let due = start + Double(number) / framesPerSecond
                Thread.sleep(forTimeInterval: max(0, due - ProcessInfo.processInfo.systemUptime))
                let goesOn = lock.withLock {
                    times.append(ProcessInfo.processInfo.systemUptime)
                    return !isStopped
                }
                guard goesOn, (try? target.write(contentsOf: piece)) != nil else { return }
            }
        }
    }

    /// Times at which each frame's first packet was sent, in seconds of the monotonic clock.
    var begun: [Double] { lock.withLock { times } }

    func stop() { lock.withLock { isStopped = true } }

    /// Cuts at video packets that start a payload; packets before the first belong to it.
    private static func frames(of stream: Data) -> [Data] {
        var pieces = [Data()]
        var isFirst = true
        for start in Swift.stride(from: 0, to: stream.count - 187, by: 188) {
            let packet = stream[start..<start + 188]
            let identity = Int(packet[start + 1] & 0x1F) << 8 | Int(packet[start + 2])
            if identity == 0x100 && packet[start + 1] & 0x40 != 0 {
                if !isFirst { pieces.append(Data()) }
                isFirst = false
            }
            pieces[pieces.count - 1].append(packet)
        }
        return pieces
    }
}
