import Foundation
import Scene
import TestSupport
import Testing

@testable import Datasets

struct YOLOReaderTests {
    private func folder(_ labels: String, yaml: String? = "names: [car, bus]") throws -> Scratch {
        let scratch = try Scratch()
        try scratch.write("train/images/a.jpg", Data())
        try scratch.write("train/labels/a.txt", Data(labels.utf8))
        if let yaml { try scratch.write("data.yaml", yaml) }
        return scratch
    }

    private func refusal(_ labels: String, yaml: String? = "names: [car, bus]") throws -> String {
        let scratch = try folder(labels, yaml: yaml)
        do {
            _ = try AnnotatedSet(path: scratch.path("train"))
            return ""
        } catch {
            return error.description
        }
    }

    @Test func sharesAreConvertedToPixels() throws {
        let scratch = try folder("1 0.5 0.25 0.5 0.5\n\n0 .5 .5 1 1 0.93\r\n")
        let set = try AnnotatedSet(path: scratch.path("train"))
        #expect(set.classes == ["car", "bus"])
        let found = set.pictures[0].annotations(width: 200, height: 80)
        #expect(found.count == 2)
        #expect(found[0].box == Box(x: 50, y: 0, width: 100, height: 40))
        #expect(found[0].classIndex == 1)
        #expect(found[1].box == Box(x: 0, y: 0, width: 200, height: 80))
    }

    @Test func polygonBecomesItsBoundingBox() throws {
        let scratch = try folder("0 0.1 0.5 0.3 0.2 0.2 0.9")
        let box = try AnnotatedSet(path: scratch.path("train")).pictures[0].annotations[0].box
        let wanted = Box(left: 0.1, top: 0.2, right: 0.3, bottom: 0.9)
        #expect(box.overlap(wanted) > 0.9999)
    }

    @Test func imageWithoutLabelsHasNoObjects() throws {
        let scratch = try folder("0 .5 .5 1 1")
        try scratch.write("train/images/b.png", Data())
        try scratch.write("train/labels/c.txt", Data())
        try scratch.write("train/images/c.png", Data())
        let set = try AnnotatedSet(path: scratch.path("train"))
        #expect(set.pictures.map(\.annotations.count) == [1, 0, 0])
        #expect(set.notices.count == 1)
        #expect(set.notices[0].place.hasSuffix("b.png"))
    }

    @Test(arguments: [
        ("0 .5 .5 1", "a.txt:1: 4 numbers"), ("\n\n2 .5 .5 1 1", "a.txt:3: class 2"),
        ("-1 .5 .5 1 1", "class -1"), ("0.5 .5 .5 1 1", "class 0.5"),
        ("0 nan .5 1 1", "finite"), ("0 .5 .5 inf 1", "finite"), ("car .5 .5 1 1", "finite"),
        ("0 .1 .1 .2 .2 .3 .3 .4", "8 numbers"), ("99999999999999999999 .5 .5 1 1", "class"),
    ])
    func errorsContainTheLineNumber(labels: String, words: String) throws {
        let message = try refusal(labels)
        #expect(message.contains(words), "\(message)")
    }

    @Test(arguments: [
        ("names: {0: car, 1: bus}", ["car", "bus"]), ("names: [car, bus]\nnc: 2", ["car", "bus"]),
        ("names:\n- a b\n- 7\n", ["a b", "7"]),
    ])
    func namesAreReadFromListsAndMappings(yaml: String, names: [String]) throws {
        let scratch = try folder("1 .5 .5 1 1", yaml: yaml)
        #expect(try AnnotatedSet(path: scratch.path("train")).classes == names)
    }

    @Test(arguments: [
        ("nc: 3\nnames: [a, b]", "nc is 3"), ("names: {1: a, 2: b}", "run from 0"),
        ("nc: 2", "names, is missing"), ("- a", "must be a mapping"), ("a: [", "is not valid YAML"),
        (nil, "no data.yaml"),
    ])
    func wrongNamesAreReported(yaml: String?, words: String) throws {
        let message = try refusal("0 .5 .5 1 1", yaml: yaml)
        #expect(message.contains(words), "\(message)")
    }

    @Test func dataYAMLSelectsItsSplits() throws {
        let yaml = "path: nowhere\ntrain: ../train/images\nval: train/images\nnames: [car]"
        let scratch = try folder("0 .5 .5 1 1", yaml: yaml)
        var source = DatasetSource(scratch.path("data.yaml"))
        #expect(try AnnotatedSet(source).pictures.count == 1)
        source.split = "val"
        #expect(try AnnotatedSet(source).pictures.count == 1)
        source.split = "test"
        #expect(throws: DatasetError.self) { try AnnotatedSet(source) }
    }

    @Test func listOfImagesIsRead() throws {
        let scratch = try folder("0 .5 .5 1 1")
        let list = try scratch.write("list.txt", "./train/images/a.jpg\n\n")
        #expect(try AnnotatedSet(path: list).pictures[0].annotations.count == 1)
        let bad = try scratch.write("bad.txt", "a.jpg\npipe://x\n")
        #expect(throws: DatasetError.self) { try AnnotatedSet(path: bad) }
    }
}
