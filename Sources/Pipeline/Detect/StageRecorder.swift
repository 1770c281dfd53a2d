public import Flow
package import ThunderNet

/// The parts of the line whose time is measured, each named by what one measurement covers.
public enum Stage: String, Sendable, CaseIterable {
    /// Reading and decoding one picture (waiting for frame threads included).
    case decode
    /// Bringing one picture to the network's size and colours.
    case scale
    /// The network and the choice of its boxes, for one picture.
    case detect
    /// One step of the tracker.
    case track
    /// Drawing on one picture.
    case draw
    /// Encoding and writing one picture.
    case encode
}

/// Collects how long each stage takes; shared by the threads of one line.
public final class StageRecorder: Sendable {
    private let recorders: Lock<[LatencyRecorder]>
    private let steps: Lock<[LatencyRecorder]>

    /// A recorder without measurements.
    public init() {
        recorders = Lock(Stage.allCases.map { _ in LatencyRecorder() })
        steps = Lock(Detector.Step.allCases.map { _ in LatencyRecorder() })
    }

    /// Adds one measurement.
    package func record(_ stage: Stage, _ nanoseconds: UInt64) {
        guard let index = Stage.allCases.firstIndex(of: stage) else { return }
        recorders.withLock { $0[index].record(nanoseconds) }
    }

    /// Adds one measurement of a part of ``Stage/detect``.
    package func record(_ step: Detector.Step, _ nanoseconds: UInt64) {
        guard let index = Detector.Step.allCases.firstIndex(of: step) else { return }
        steps.withLock { $0[index].record(nanoseconds) }
    }

    /// Measures a call.
    package func measure<Result: ~Copyable, Failure: Error>(
        _ stage: Stage, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = MonotonicClock.system.now
        let result = try body()
        record(stage, MonotonicClock.system.now - start)
        return result
    }

    /// What was measured of a stage.
    public subscript(stage: Stage) -> LatencyRecorder {
        let index = Stage.allCases.firstIndex(of: stage) ?? 0
        return recorders.withLock { $0[index] }
    }

    /// What was measured of a part of ``Stage/detect``.
    package subscript(step step: Detector.Step) -> LatencyRecorder {
        let index = Detector.Step.allCases.firstIndex(of: step) ?? 0
        return steps.withLock { $0[index] }
    }
}
