import Testing
import Video

@testable import Live

/// Packets of a file, of all streams.
enum Packets {
    static func all(of path: String) throws -> ([SharedPacket], SourceDescription) {
        var options = ReaderOptions()
        options.videoOutput = .packets
        options.packetKinds = [.audio]
        var reader = try VideoReader(path, options: options)
        var packets: [SharedPacket] = []
        while let item = try reader.next() {
            switch consume item {
            case .packet(let packet): packets.append(SharedPacket(packet))
            case .frame: Issue.record("nothing was to be decoded")
            }
        }
        return (packets, reader.description)
    }
}
