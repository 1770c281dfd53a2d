internal import Glibc

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
            try WrittenFile.check(partial, output.configuration)
            try take(partial)
            return false
        }
        do {
            try PlainOutput.make(from: partial, of: output, to: finishing)
            try WrittenFile.check(finishing, output.configuration)
            Self.synchronize(finishing)
            try take(finishing)
            file.unlinkPartial()
            return true
        } catch let error where error.kind != .exists {
            Self.remove(finishing)
            try WrittenFile.check(partial, output.configuration)
            try take(partial)
            diagnostics.add(
                "The file stayed fragmented, which players read as well: \(error.message)")
            return false
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
    /// - Returns: The new path; nil if the file is being written, taken, missing or empty.
    public static func recover(_ path: String) -> String? {
        guard let place = path.ranges(of: mark).last else { return nil }
        let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
        if OutputTarget.size(of: path) == 0 {
            OutputTarget.remove(path)
            return nil
        }
        let plain = path[..<place.lowerBound] + "." + path[place.upperBound...]
        guard let target = try? OutputTarget(String(plain), overwrite: false),
            (try? target.take(path)) != nil
        else { return nil }
        return target.path
    }
}
