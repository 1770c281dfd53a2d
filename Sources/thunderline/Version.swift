import Foundation
import Tensors
import Video

/// The program's version and that of its libraries.
enum Version {
    static let number = "0.1.0"

    /// Version, FFmpeg's libraries, and the instruction set of the kernels.
    static var text: String {
        let mask = ProcessInfo.processInfo.environment["THUNDERLINE_CPU"]
        let set = (try? InstructionSet.limited(by: mask)) ?? .best
        return
            "\(number) (\(FFmpegVersions.all.joined(separator: ", ")); kernels for \(set))"
    }
}
