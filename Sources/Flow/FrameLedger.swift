/// Reason why a frame was neither detected nor tracked; an open set of names.
public struct DropReason: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// Name, as results and summaries contain it.
    public let rawValue: String

    /// Creates a reason of that name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Name.
    public var description: String { rawValue }

    /// A newer frame replaced it before detection.
    public static let replacedByNewer = DropReason(rawValue: "replaced-by-newer")
    /// The run was stopped before it was processed.
    public static let stopped = DropReason(rawValue: "stopped")
    /// A stage failed while the frame was in flight.
    public static let failed = DropReason(rawValue: "failed")
}

/// Numbers of frames by fate.
public struct FrameCounts: Hashable, Sendable, CustomStringConvertible {
    /// Frames that came out of the decoder.
    public var decoded = 0
    /// Frames that a detector processed.
    public var detected = 0
    /// Frames between detections that the tracker alone processed.
    public var tracked = 0
    /// Frames with neither fate, by reason.
    public var dropped: [DropReason: Int] = [:]

    /// Creates counts of zero.
    public init() {}

    /// Frames dropped for any reason.
    public var droppedTotal: Int { dropped.values.reduce(0, +) }

    /// Decoded frames without a fate yet; negative when a frame was counted twice.
    public var inFlight: Int { decoded - detected - tracked - droppedTotal }

    /// True when every decoded frame has exactly one fate, except those known to be in flight.
    public func check(inFlight expected: Int = 0) -> Bool { inFlight == expected }

    /// Sum such as "9 decoded = 5 detected + 3 tracked + 1 dropped (1 stopped)".
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
/// It uses a lock and not an atomic per count: a snapshot taken while frames move is then exact, so
/// that the sum can be checked at any time. After the first frame of each reason nothing is
/// allocated.
public final class FrameLedger: Sendable, CustomStringConvertible {
    private let state = Lock(FrameCounts())

    /// Creates an empty ledger.
    public init() {}

    /// Counts a frame that came out of the decoder.
    public func countDecoded() { count(.decoded) }

    /// Counts a frame that a detector processed.
    public func countDetected() { count(.detected) }

    /// Counts a frame that was tracked without detection.
    public func countTracked() { count(.tracked) }

    /// Counts a frame that was dropped.
    public func countDropped(_ reason: DropReason) { count(.dropped(reason)) }

    /// Snapshot of all counts.
    public var counts: FrameCounts {
        state.withLock { state in
            var copy = state
            // Copies the dictionary: sharing it would make the next count allocate.
            copy.dropped = state.dropped.mapValues { $0 }
            return copy
        }
    }

    /// True when every decoded frame has exactly one fate, except those known to be in flight.
    public func check(inFlight: Int = 0) -> Bool { counts.check(inFlight: inFlight) }

    /// Counts as a sum.
    public var description: String { counts.description }

    private func count(_ event: FrameEvent) {
        state.withLock { $0.count(event) }
    }
}

/// Event in the life of a frame.
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
        // Read and written separately: changing in place allocates in debug builds.
        case .dropped(let reason): dropped[reason] = (dropped[reason] ?? 0) + 1
        }
    }
}
