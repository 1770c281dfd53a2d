import ThunderNet
import Video

/// The program's version and that of its libraries.
enum Version {
    static let number = "0.1.0"

    /// Version, FFmpeg's libraries, and the instruction set of the kernels.
    static var text: String {
        let set = ProgramEnvironment.inference.instructionSetName
        return
            "\(number) (\(FFmpegVersions.all.joined(separator: ", ")); kernels for \(set))"
    }
}
