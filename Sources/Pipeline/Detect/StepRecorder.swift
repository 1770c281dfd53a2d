public import Flow
package import ThunderNet

/// Measured step of the pipeline, named after the work that one sample covers.
public enum PipelineStep: String, Sendable, CaseIterable {
    /// Reading and decoding one frame, including the wait for FFmpeg's threads.
    case decode
    /// Scaling one frame to the network's input.
    case scale
    /// Inference and suppression on one frame.
    case detect
    /// One step of the tracker.
    case track
    /// Drawing on one frame.
    case draw
    /// Encoding and writing one frame.
    case encode
}

/// Durations of each step, recorded by all threads of a pipeline.
public final class StepRecorder: Sendable {
    private let steps: Lock<[LatencyRecorder]>
    private let detectorSteps: Lock<[LatencyRecorder]>

    /// A recorder without measurements.
    public init() {
        steps = Lock(PipelineStep.allCases.map { _ in LatencyRecorder() })
        detectorSteps = Lock(Detector.Step.allCases.map { _ in LatencyRecorder() })
    }

    /// Adds one duration in nanoseconds.
    package func record(_ step: PipelineStep, _ nanoseconds: UInt64) {
        guard let index = PipelineStep.allCases.firstIndex(of: step) else { return }
        steps.withLock { $0[index].record(nanoseconds) }
    }

    /// Adds one duration in nanoseconds of a step of ``PipelineStep/detect``.
    package func record(_ step: Detector.Step, _ nanoseconds: UInt64) {
        guard let index = Detector.Step.allCases.firstIndex(of: step) else { return }
        detectorSteps.withLock { $0[index].record(nanoseconds) }
    }

    /// Adds the duration of a call.
    package func measure<Result: ~Copyable, Failure: Error>(
        _ step: PipelineStep, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = MonotonicClock.system.now
        let result = try body()
        record(step, MonotonicClock.system.now - start)
        return result
    }

    /// Durations of a step.
    public subscript(step: PipelineStep) -> LatencyRecorder {
        let index = PipelineStep.allCases.firstIndex(of: step) ?? 0
        return steps.withLock { $0[index] }
    }

    /// Durations of a step of ``PipelineStep/detect``.
    package subscript(step step: Detector.Step) -> LatencyRecorder {
        let index = Detector.Step.allCases.firstIndex(of: step) ?? 0
        return detectorSteps.withLock { $0[index] }
    }
}
