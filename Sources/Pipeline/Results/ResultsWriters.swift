internal import Configuration
internal import Flow

/// The results files of a run, by path; several sources may share one.
final class ResultsWriters: Sendable {
    private let files = Lock<[String: ResultsFile]>([:])
    private let overwrite: Bool
    private let classNames: [String]

    init(overwrite: Bool, classNames: [String]) {
        self.overwrite = overwrite
        self.classNames = classNames
    }

    /// Opens the files that are not open yet.
    func open(_ paths: [String]) throws(RunError) {
        for path in paths where !isOpen(path) {
            let file = try ResultsFile(path: path, overwrite: overwrite, classNames: classNames)
            files.withLock { $0[path] = file }
        }
    }

    /// Adds a frame to some of the files.
    func write(_ frame: FrameResult, _ picture: PictureSize, to paths: [String]) throws(RunError) {
        for path in paths {
            try files.withLock { files throws(RunError) in
                try files[path]?.write(frame, picture)
            }
        }
    }

    /// Finishes some of the files under their final names.
    func finish(_ paths: [String]) throws(RunError) {
        for path in paths {
            var file = files.withLock { $0.removeValue(forKey: path) }
            try file?.finish()
        }
    }

    /// Closes some of the files under their partial names; written frames are kept.
    func abandon(_ paths: [String]) {
        files.withLock { files in
            for path in paths { files.removeValue(forKey: path)?.abandon() }
        }
    }

    private func isOpen(_ path: String) -> Bool { files.withLock { $0[path] != nil } }
}
