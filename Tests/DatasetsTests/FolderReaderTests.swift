import Foundation
import Scene
import TestSupport
import Testing

@testable import Datasets

struct FolderReaderTests {
    private func source(_ path: String) -> DatasetSource {
        var source = DatasetSource(argument: path)
        source.format = .folders
        return source
    }

    @Test func subfoldersAreClasses() throws {
        let scratch = try Scratch()
        for name in ["set/dog/images/2.png", "set/dog/1.JPEG", "set/cat/a/b/3.jpg"] {
            try scratch.write(name, Data())
        }
        // Images beside the subfolders, and files of other kinds, are no part of the set.
        for name in ["set/4.png", "set/dog/boxes.txt"] { try scratch.write(name, Data()) }
        for path in [scratch.path("set"), scratch.path(":set").replacing("/:", with: ":")] {
            let set = try AnnotatedSet(source(path))
            #expect(set.classes == ["cat", "dog"])
            let labels = set.pictures.map { $0.annotations.map(\.classIndex) }
            #expect(labels == [[0], [1], [1]])
            let found = set.pictures[2].validAnnotations(width: 30, height: 20)
            #expect(found.map(\.box) == [Box(x: 0, y: 0, width: 30, height: 20)])
        }
    }

    @Test func listOfTinyImageNetGivesLabels() throws {
        let scratch = try Scratch()
        try scratch.write(
            "val/val_annotations.txt",
            "val_0.JPEG\tn02\t0\t32\t44\t62\r\nval_1.JPEG\tn01\t52\t55\t57\t59\n")
        let set = try AnnotatedSet(source(scratch.path("val")))
        #expect(set.classes == ["n01", "n02"])
        #expect(
            set.pictures.map(\.path) == [
                scratch.path("val/images/val_0.JPEG"), scratch.path("val/images/val_1.JPEG"),
            ])
        #expect(set.pictures.map { $0.annotations[0].classIndex } == [1, 0])
    }

    @Test func classesCanBeChosen() throws {
        let scratch = try Scratch()
        for name in ["a/1.png", "b/1.png", "c/1.png"] { try scratch.write(name, Data()) }
        let set = try AnnotatedSet(source(scratch.url.path)).labelled(["c", "a"])
        #expect(set.classes == ["c", "a"])
        #expect(set.pictures.map { $0.annotations[0].classIndex } == [1, 0])
        #expect(throws: DatasetError.self) { try set.labelled(["c", "d"]) }
    }

    @Test func wrongSetsAreReported() throws {
        let scratch = try Scratch()
        try scratch.write("flat/1.png", Data())
        try scratch.write("wrong/val_annotations.txt", "val_0.JPEG\n")
        try scratch.write("device/val_annotations.txt", "/dev/zero n01\n")
        func refusal(_ name: String) -> String {
            do throws(DatasetError) {
                _ = try AnnotatedSet(source(scratch.path(name)))
                return ""
            } catch {
                return error.description
            }
        }
        #expect(refusal("flat").contains("a folder of images for each"))
        #expect(refusal("none").contains("no such folder"))
        #expect(refusal("wrong").contains("val_annotations.txt:1"))
        #expect(refusal("device").contains("val_annotations.txt:1"))
    }
}
