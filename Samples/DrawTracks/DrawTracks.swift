import Overlay
import Scene
import Video

/// `draw-tracks VIDEO TRACKS.mot.txt OUTPUT.mp4`: draws the boxes of a MOTChallenge file on a recording.
///
/// Example of reading a video, drawing on its frames, and writing it with its audio and timestamps.
@main
enum DrawTracks {
    /// Classes of the samples' ground truth, which counts them from 1.
    static let classes = ["person", "bicycle", "car", "motorcycle", "bus", "truck"]

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4 else {
            return print("usage: draw-tracks VIDEO TRACKS.mot.txt OUTPUT.mp4")
        }
        let tracks = try TracksFile(contentsOf: arguments[2])
        var options = OverlayOptions()
        options.coloring = .byIdentity
        var overlay = try OverlayRenderer(options: options, classNames: classes)
        // Audio arrives as packets, which are copied to the output.
        var readerOptions = ReaderOptions()
        readerOptions.packetKinds = [.audio]
        var reader = try VideoReader(arguments[1], options: readerOptions)
        var writer = try VideoWriter(to: arguments[3], source: reader.description)
        while let item = try reader.next() {
            switch consume item {
            case .packet(let packet): try writer.write(packet)
            case .frame(var frame):
                let objects = tracks.objects(frame: frame.index + 1)
                try frame.withMutablePicture { overlay.draw(objects, on: &$0) }
                try writer.write(frame)
            }
        }
        print("wrote \(try writer.finish().path)")
    }
}
