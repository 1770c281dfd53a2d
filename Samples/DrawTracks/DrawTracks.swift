import Overlay
import Scene
import Video

/// `draw-tracks VIDEO TRACKS.mot.txt OUTPUT.mp4`: draws the boxes of a MOTChallenge file on a recording.
///
/// Shows how to read a video, draw on its pictures, and write it with its sound and its time.
@main
enum DrawTracks {
    /// The classes of the samples' ground truth; its numbers begin with 1.
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
        // Sound comes as packets, which go into the output as they are.
        var sound = ReaderOptions()
        sound.packetKinds = [.audio]
        var reader = try VideoReader(arguments[1], options: sound)
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
