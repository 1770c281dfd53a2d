internal import Foundation

private var coreCount: Int { ProcessInfo.processInfo.activeProcessorCount }

extension ModelChoice {
    /// Threads of the detector: as chosen, or one per core.
    public var threadCount: Int { threads ?? coreCount }
}

extension LiveDescription {
    /// Number of detectors: as chosen, or one per core.
    public var detectorCount: Int { detectors ?? coreCount }
}
