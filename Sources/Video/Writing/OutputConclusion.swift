internal import Glibc

extension OutputTarget {
    /// Gives a growing file that is complete its own name, rewritten as a plain file where that is wanted.
    ///
    /// When rewriting fails, for want of space say, the growing file takes the name as it is, and a notice says so.
    /// - Returns: whether the file is plain.
    func conclude(
        _ output: FragmentedOutput, _ file: PartialFile, makesPlain: Bool,
        _ diagnostics: Diagnostics
    ) throws(VideoError) -> Bool {
        guard makesPlain else {
            try take(partial)
            return false
        }
        do {
            try PlainOutput.make(from: partial, of: output, to: finishing)
            Self.synchronize(finishing)
            try take(finishing)
            file.unlinkPartial()
            return true
        } catch let error where error.kind != .exists {
            Self.remove(finishing)
            try take(partial)
            diagnostics.add(
                "The file was left in fragments, which players read as well: \(error.message)")
            return false
        }
    }
}

/// Growing files that a run left behind, because it was killed or its disk was full.
public enum UnfinishedOutput {
    private static let mark = ".partial."

    /// Whether a path is that of a growing file.
    public static func isUnfinished(_ path: String) -> Bool {
        (path.split(separator: "/").last ?? "").contains(mark)
    }

    /// Gives a growing file that nobody writes any more its own name; an empty one is removed.
    ///
    /// - Returns: the path it has now; nil when it is being written, taken, gone or empty.
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
