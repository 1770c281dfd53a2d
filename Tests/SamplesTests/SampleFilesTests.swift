import Foundation
import Scene
import TestSupport
import Testing
import Video

@testable import draw_tracks

struct SampleFilesTests {
    private static let samples = Shared.root.appendingPathComponent("Samples")

    private func path(_ name: String) -> String { Self.samples.appendingPathComponent(name).path }

    @Test(arguments: ["road-day", "road-dusk"])
    func groundTruthIsConsistentWithItsClip(name: String) throws {
        let tracks = try TracksFile(contentsOf: path("\(name).mot.txt"))
        let reader = try VideoReader(path("\(name).mp4"))
        let width = Float(reader.description.video.width)
        let height = Float(reader.description.video.height)
        var classes: [Int: Int] = [:]
        for line in tracks.lines {
            let object = line.object
            #expect(object.box.x >= 0 && object.box.right <= width + 0.01)
            #expect(object.box.y >= 0 && object.box.bottom <= height + 0.01)
            #expect(object.box.area > 0)
            #expect((0...1).contains(line.visibility))
            #expect(DrawTracks.classes.indices.contains(object.classIndex))
            #expect(
                classes.updateValue(object.classIndex, forKey: object.id) ?? object.classIndex
                    == object.classIndex)
        }
        for frame in 1...300 {
            let identities = tracks.objects(frame: frame).map(\.id)
            #expect(Set(identities).count == identities.count)
        }
    }

    @Test(arguments: ["road-day", "road-dusk"])
    func everyFrameHasGroundTruth(name: String) throws {
        let tracks = try TracksFile(contentsOf: path("\(name).mot.txt"))
        var reader = try VideoReader(path("\(name).mp4"))
        #expect(reader.description.video.nominalRate == Ratio(30000, 1001))
        #expect(reader.description.streams.map(\.kind) == [.video, .audio])
        #expect(reader.description.metadata["creation_time"] != nil)
        var frames = 0
        while let item = try reader.next() {
            guard case .frame = consume item else { continue }
            frames += 1
            #expect(!tracks.objects(frame: frames).isEmpty)
        }
        #expect(frames == (name == "road-day" ? 300 : 180))
        #expect(tracks.lines.map(\.frame).max() == frames)
    }

    @Test(arguments: ["road-day", "road-dusk"])
    func objectsAreOccludedAndReappear(name: String) throws {
        let tracks = try TracksFile(contentsOf: path("\(name).mot.txt"))
        let hidden = tracks.lines.filter { $0.visibility < 0.4 && $0.object.box.width > 8 }
        #expect(hidden.count > 20)
        let byIdentity = Dictionary(grouping: tracks.lines, by: \.object.id)
        let returning = byIdentity.values.filter { lines in
            guard
                let darkest = lines.indices.min(by: { lines[$0].visibility < lines[$1].visibility })
            else { return false }
            return lines[darkest].visibility < 0.5
                && lines[..<darkest].contains { $0.visibility > 0.9 }
                && lines[darkest...].contains { $0.visibility > 0.9 }
        }
        #expect(!returning.isEmpty)
        #expect(tracks.lines.contains { $0.object.classIndex == 0 && $0.object.box.height > 40 })
    }

    @Test func allSamplesAreSmall() throws {
        let files = try FileManager.default.contentsOfDirectory(
            at: Self.samples, includingPropertiesForKeys: [.fileSizeKey])
        let sizes = try files.filter { ["mp4", "txt"].contains($0.pathExtension) }
            .map { try $0.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0 }
        #expect(sizes.count == 4)
        #expect(sizes.reduce(0, +) < 3_000_000)
    }
}
