import Scene
import TestSupport
import Testing

@testable import Datasets

struct AnnotatedSetTests {
    private let box = Box(x: 1, y: 1, width: 4, height: 4)

    private func set(_ classes: [String], _ indices: [Int?]) -> AnnotatedSet {
        let annotations = indices.map { Annotation(classIndex: $0, box: box) }
        return AnnotatedSet(
            name: "set", classes: classes,
            pictures: [AnnotatedPicture(path: "/a", annotations: annotations)])
    }

    @Test func classesAreRenamedMergedIgnoredAndRemoved() throws {
        let old = set(["suv", "taxi", "rickshaw", "barrow", "bus"], [0, 1, 2, 3, 4])
        let new = try old.renamed([
            "suv": .named("car"), "taxi": .named("car"), "rickshaw": .ignored,
            "barrow": .background,
        ])
        #expect(new.classes == ["car", "bus"])
        let found = new.pictures[0].annotations
        #expect(found.map(\.classIndex) == [0, 0, nil, 1])
        #expect(found.map(\.isIgnored) == [false, false, true, false])
    }

    @Test func renamingAnUnknownClassFails() {
        #expect(throws: DatasetError.self) { try set(["car"], []).renamed(["bus": .ignored]) }
    }

    @Test func modelClassesAreAdopted() {
        var old = set(["truck", "sheep", "person"], [0, 1, 2, nil])
        old.unlabelled = [2]
        let new = old.adopting(["person", "car", "truck"])
        #expect(new.classes == ["person", "car", "truck"])
        #expect(new.pictures[0].annotations.map(\.classIndex) == [2, 0, nil])
        #expect(new.unlabelled == [0, 1])
        #expect(new.notices.count == 1)
        #expect(new.notices[0].text.contains("\"sheep\" (1)"))
    }

    @Test func unlabelledClassesOfASourceAreAdded() throws {
        let scratch = try Scratch()
        var source = DatasetSource(
            try scratch.write(
                "a.json",
                #"{"images":[{"id":1,"file_name":"a"}],"categories":[{"id":1,"name":"car"}],"annotations":[]}"#
            ))
        source.unlabelled = ["person"]
        source.weight = 0.5
        let set = try AnnotatedSet(source)
        #expect(set.classes == ["car", "person"])
        #expect(set.unlabelled == [1])
        #expect(set.weight == 0.5)
        source.weight = 0
        #expect(throws: DatasetError.self) { try AnnotatedSet(source) }
    }

    @Test func validAnnotationsAreClippedAndNotEmpty() {
        let boxes = [
            Box(x: -5, y: 2, width: 10, height: 4), Box(x: 90, y: 2, width: 30, height: 4),
            Box(x: 120, y: 2, width: 10, height: 4), Box(x: 5, y: 5, width: 0, height: 9),
            Box(x: .nan, y: 5, width: 5, height: 9), Box(x: 5, y: 5, width: -3, height: 9),
            Box(x: 5, y: 5, width: .infinity, height: 9),
        ]
        let picture = AnnotatedPicture(
            path: "/a", annotations: boxes.map { Annotation(classIndex: 0, box: $0) })
        let valid = picture.validAnnotations(width: 100, height: 50).map(\.box)
        #expect(
            valid == [
                Box(x: 0, y: 2, width: 5, height: 4), Box(x: 90, y: 2, width: 10, height: 4),
            ])
    }

    @Test func regionsIgnoredForAllClassesAreTruthsOfEach() {
        let picture = AnnotatedPicture(
            path: "/a",
            annotations: [
                Annotation(classIndex: nil, box: box), Annotation(classIndex: 1, box: box),
            ])
        let truths = picture.truths(width: 9, height: 9, classCount: 3)
        #expect(truths.map(\.classIndex) == [0, 1, 2, 1])
        #expect(truths.map(\.isCrowd) == [true, true, true, false])
    }
}
