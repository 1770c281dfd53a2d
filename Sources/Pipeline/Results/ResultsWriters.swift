internal import Configuration
internal import Flow

/// The results files of a run and its other files of text, by path; several sources may share one.
final class ResultsWriters: Sendable {
    private let files = Lock<[String: ResultsFile]>([:])
    private let texts = Lock<[String: TextFile]>([:])
    private let overwrite: Bool
    private let classNames: [String]
    private let zoneNames: [String]

    init(overwrite: Bool, classNames: [String], zoneNames: [String] = []) {
        self.overwrite = overwrite
        self.classNames = classNames
        self.zoneNames = zoneNames
    }

    /// Opens a file of text, such as counts, unless it is open.
    func open(_ path: String, noun: String, header: String) throws(RunError) {
        guard texts.withLock({ $0[path] == nil }) else { return }
        let ending = path.lastIndex(of: ".").map { String(path[$0...]) } ?? ""
        let file = try TextFile(
            path: path, ending: ending.contains("/") ? "" : ending, noun: noun, header: header,
            overwrite: overwrite)
        texts.withLock { $0[path] = file }
    }

    /// Appends to an open file of text.
    func append(_ text: String, to path: String) throws(RunError) {
        guard !text.isEmpty else { return }
        try texts.withLock { texts throws(RunError) in try texts[path]?.append(text) }
    }

    /// Opens the files that are not open yet.
    func open(_ paths: [String]) throws(RunError) {
        for path in paths where !isOpen(path) {
            let file = try ResultsFile(
                path: path, overwrite: overwrite, classNames: classNames, zoneNames: zoneNames)
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
            var text = texts.withLock { $0.removeValue(forKey: path) }
            try text?.finish()
        }
    }

    /// Closes some of the files under their partial names; written frames are kept.
    func abandon(_ paths: [String]) {
        files.withLock { files in
            for path in paths { files.removeValue(forKey: path)?.abandon() }
        }
        texts.withLock { texts in
            for path in paths { texts.removeValue(forKey: path)?.abandon() }
        }
    }

    private func isOpen(_ path: String) -> Bool { files.withLock { $0[path] != nil } }
}
