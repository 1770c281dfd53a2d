import Foundation
import Scene
import TestSupport
import Testing

@testable import Datasets

struct DatasetFindingsTests {
    private func picture(_ seed: UInt64, width: Int = 96, height: Int = 64, noise: Int = 0)
        -> PictureHash
    {
        var random = SeededGenerator(seed: seed)
        let waves = (0..<5).map { _ in
            (0..<3).map { _ in Double.random(in: -4...4, using: &random) }
        }
        var speckle = SeededGenerator(seed: 99)
        var rgb: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let (u, v) = (Double(x) / Double(width), Double(y) / Double(height))
                let sum = waves.reduce(0) { $0 + sin(2 * .pi * ($1[0] * u + $1[1] * v + $1[2])) }
                let value = 128 + Int(22 * sum)
                let grain = noise > 0 ? Int.random(in: -noise...noise, using: &speckle) : 0
                rgb += [UInt8](repeating: UInt8(max(0, min(value + grain, 255))), count: 3)
            }
        }
        return PictureHash(rgb.span, width: width, height: height)
    }

    @Test func resizedAndNoisyCopiesAreFound() {
        for seed in 1...20 as ClosedRange<UInt64> {
            let hash = picture(seed)
            let copy = picture(seed, width: 300, height: 200, noise: 4)
            #expect(hash.distance(to: copy) <= PictureHash.tolerance, "\(hash.distance(to: copy))")
            #expect(hash.distance(to: picture(seed + 100)) > PictureHash.tolerance)
        }
    }

    @Test func imageWithoutStructureIsFlat() {
        let gray = [UInt8](repeating: 128, count: 3 * 40 * 30)
        #expect(PictureHash(gray.span, width: 40, height: 30).isFlat)
        #expect(PictureHash([UInt8](repeating: 3, count: 3).span, width: 1, height: 1).isFlat)
    }

    @Test func allProblemsAreFound() {
        let extent = PictureExtent(width: 100, height: 50)
        let facts = PictureFacts(extent: extent, hash: picture(1))
        let boxes = [
            Box(x: 10, y: 10, width: 20, height: 5), Box(x: 10, y: 10, width: 0, height: 5),
            Box(x: 90, y: 10, width: 20, height: 5), Box(x: 200, y: 10, width: 20, height: 5),
        ]
        var annotations = boxes.map { Annotation(classIndex: 1, box: $0) }
        annotations[0].isIgnored = true
        annotations.append(Annotation(classIndex: 0, box: boxes[0]))
        annotations.append(Annotation(classIndex: nil, box: boxes[0]))
        let set = AnnotatedSet(
            name: "set", classes: ["car", "bus"], unlabelled: [0],
            pictures: [
                AnnotatedPicture(path: "/a", extent: extent, annotations: annotations),
                AnnotatedPicture(path: "/b", extent: PictureExtent(width: 9, height: 9)),
                AnnotatedPicture(path: "/c"),
            ])
        let found = SetFindings(
            set, [facts, facts, PictureFacts(error: "there is no such file.")])
        #expect(found.pictures == 3 && found.empty == 2 && found.regions == 1)
        #expect(found.classes.map(\.objects) == [1, 3])
        #expect(found.classes.map(\.ignored) == [0, 1])
        #expect(found.classes.map(\.pictures) == [1, 1])
        #expect(found.classes[0].sides == [10])
        #expect(found.emptyBoxes.map(\.place) == ["/a"])
        #expect(found.outside.map(\.place) == ["/a", "/a"])
        #expect(found.outside[1].text.contains("is outside"))
        #expect(found.resized.map(\.place) == ["/b"])
        #expect(found.unreadable.map(\.place) == ["/c"])
        #expect(found.problemCount == 5)
        let text = found.text(limit: 1)
        for words in [
            "3 images (2 without objects), 4 objects", "1 unreadable image",
            "… and 1 more", "unlabelled: car",
        ] {
            #expect(text.contains(words), "\(text)")
        }
    }

    @Test func copiesArePairedWithTheFirst() {
        let one = PictureFacts(extent: PictureExtent(width: 1, height: 1), hash: picture(1))
        let two = PictureFacts(extent: PictureExtent(width: 1, height: 1), hash: picture(2))
        let gray = [UInt8](repeating: 128, count: 300)
        let flat = PictureFacts(
            extent: PictureExtent(width: 10, height: 10),
            hash: PictureHash(gray.span, width: 10, height: 10))
        let pairs = DuplicatePair.all([
            (["a", "b", "c", "d"], [one, two, one, flat]), (["e", "f"], [one, flat]),
        ])
        #expect(pairs.map(\.first) == ["a", "a"])
        #expect(pairs.map(\.second) == ["c", "e"])
        #expect(pairs.map(\.isBetweenSets) == [false, true])
    }

    @Test func argumentMaySelectASplit() throws {
        let scratch = try Scratch()
        let path = try scratch.write("data.yaml", "names: [a]\ntrain: images\nval: images")
        #expect(DatasetSource(argument: path) == DatasetSource(path))
        let part = DatasetSource(argument: "\(path):val")
        #expect(part.path == path && part.split == "val")
        #expect(try DatasetSource(path).parts().map(\.split) == ["train", "val"])
        #expect(try part.parts() == [part])
        #expect(try DatasetSource("/x.json").parts() == [DatasetSource("/x.json")])
    }
}
