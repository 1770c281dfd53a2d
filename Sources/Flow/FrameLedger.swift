/// Why a frame was neither detected on nor tracked through: an open set of names.
public struct DropReason: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The name, as it stands in results and summaries.
    public let rawValue: String

    /// A reason of that name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The name.
    public var description: String { rawValue }

    /// A newer frame took its place before anyone looked at it.
    public static let replacedByNewer = DropReason(rawValue: "replaced-by-newer")
    /// The run was stopped before its turn came.
    public static let stopped = DropReason(rawValue: "stopped")
    /// A stage failed while it was under way.
    public static let failed = DropReason(rawValue: "failed")
    /// It was decoded, but its picture cannot be used.
    public static let unreadable = DropReason(rawValue: "unreadable")
}

/// How many frames met which fate.
public struct FrameCounts: Hashable, Sendable, CustomStringConvertible {
    /// Frames that came out of the decoder.
    public var decoded = 0
    /// Frames the detector looked at.
    public var detected = 0
    /// Frames between detections that the tracker alone went through.
    public var tracked = 0
    /// Frames that met neither, by reason.
    public var dropped: [DropReason: Int] = [:]

    /// No frames.
    public init() {}

    /// Frames dropped for any reason.
    public var droppedTotal: Int { dropped.values.reduce(0, +) }

    /// Decoded frames whose fate is still open; negative means that a frame was counted twice.
    public var inFlight: Int { decoded - detected - tracked - droppedTotal }

    /// Whether every decoded frame met exactly one fate, but for those known to be under way.
    public func check(inFlight expected: Int = 0) -> Bool { inFlight == expected }

    /// For example "9 decoded = 5 detected + 3 tracked + 1 dropped (1 stopped)".
    public var description: String {
        let reasons = dropped.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\($0.value) \($0.key)" }
            .joined(separator: ", ")
        let sum =
            "\(decoded) decoded = \(detected) detected + \(tracked) tracked"
            + " + \(droppedTotal) dropped" + (reasons.isEmpty ? "" : " (\(reasons))")
        return inFlight == 0 ? sum : sum + " + \(inFlight) unaccounted for"
    }
}

/// Counts frames by fate, from any thread.
///
/// A lock and not an atomic per count: a snapshot taken while frames move is then exact, so
/// that the sum can be checked at any time. After the first frame of each reason nothing is
/// allocated.
public final class FrameLedger: Sendable, CustomStringConvertible {
    private let state = Lock(FrameCounts())

    /// An empty ledger.
    public init() {}

    /// A frame came out of the decoder.
    public func countDecoded() { count(.decoded) }

    /// A frame was looked at by the detector.
    public func countDetected() { count(.detected) }

    /// A frame went through the tracker without detection.
    public func countTracked() { count(.tracked) }

    /// A frame met neither fate.
    public func countDropped(_ reason: DropReason) { count(.dropped(reason)) }

    /// All counts at one moment.
    public var counts: FrameCounts {
        state.withLock { state in
            var copy = state
            // A dictionary of its own: sharing it would make the next count allocate.
            copy.dropped = state.dropped.mapValues { $0 }
            return copy
        }
    }

    /// Whether every decoded frame met exactly one fate, but for those known to be under way.
    public func check(inFlight: Int = 0) -> Bool { counts.check(inFlight: inFlight) }

    /// The counts as a sum.
    public var description: String { counts.description }

    private func count(_ event: FrameEvent) {
        state.withLock { $0.count(event) }
    }
}

/// What can happen to a frame.
private enum FrameEvent {
    case decoded
    case detected
    case tracked
    case dropped(DropReason)
}

extension FrameCounts {
    fileprivate mutating func count(_ event: FrameEvent) {
        switch event {
        case .decoded: decoded += 1
        case .detected: detected += 1
        case .tracked: tracked += 1
        // Read, then written: changing in place allocates a coroutine's frame in debug builds.
        case .dropped(let reason): dropped[reason] = (dropped[reason] ?? 0) + 1
        }
    }
}
