extension OutputTarget {
    /// Gives a complete fragmented file its final name, rewriting it as a plain file if requested.
    ///
    /// If rewriting fails, such as for lack of space, the fragmented file takes the name, with a
    /// warning.
    ///
    /// - Returns: True if the result is a plain file.
    func conclude(
        _ output: FragmentedOutput, _ file: PartialFile, makesPlain: Bool,
        _ diagnostics: Diagnostics
    ) throws(VideoError) -> Bool {
        guard makesPlain else {
            try WrittenFile.check(file.file, output.configuration)
            try take(file.file)
            return false
        }
        do {
            try takePlain(output, file)
            file.file.unlink()
            return true
        } catch let error where error.kind != .exists {
            try WrittenFile.check(file.file, output.configuration)
            try take(file.file)
            diagnostics.add(
                "The file stayed fragmented, which players read as well: \(error.message)")
            return false
        }
    }

    /// Rewrites the growing file and gives the result its name; removes it after an error.
    private func takePlain(
        _ output: FragmentedOutput, _ partial: PartialFile
    ) throws(VideoError) {
        let plain = try LockedFile(finishing, mode: partial.mode)
        do throws(VideoError) {
            plain.empty()
            try PlainOutput.make(from: partial.file, of: output, to: plain)
            try WrittenFile.check(plain, output.configuration)
            plain.synchronize()
            try take(plain)
        } catch {
            plain.unlink()
            if error.kind == .exists {
                throw VideoError(
                    .exists,
                    "Writing \(path): another file took that name meanwhile; the output is \(self.partial)."
                )
            }
            throw error
        }
    }
}

/// Fragmented files left by a run that was killed or ran out of space.
public enum UnfinishedOutput {
    private static let mark = ".partial."

    /// True for the path of an unfinished file.
    public static func isUnfinished(_ path: String) -> Bool {
        (path.split(separator: "/").last ?? "").contains(mark)
    }

    /// Gives an unfinished file that no run is writing its final name; removes an empty one.
    ///
    /// - Returns: The new path; nil if the file is being written, taken, missing, empty, or not a
    ///   regular file.
    public static func recover(_ path: String) -> String? {
        guard let place = path.ranges(of: mark).last else { return nil }
        let plain = path[..<place.lowerBound] + "." + path[place.upperBound...]
        let ending = "." + path[place.upperBound...]
        guard let target = try? OutputTarget(String(plain), ending: ending, overwrite: false) else {
            return nil
        }
        target.unlinkSecondName()
        guard let file = try? LockedFile(path, mode: nil) else { return nil }
        guard file.size > 0 else {
            file.unlink()
            return nil
        }
        return (try? target.take(file)).map { target.path }
    }
}
