import Foundation
import Scene
import TestSupport
import Testing

@testable import Datasets

struct VOCReaderTests {
    private static let object = """
        <object><name>car</name><difficult>0</difficult>
        <bndbox><xmin>10</xmin><ymin>20</ymin><xmax>30.5</xmax><ymax>60</ymax></bndbox></object>
        """

    private func set(_ xml: String) throws -> Scratch {
        let scratch = try Scratch()
        try scratch.write("Annotations/a.xml", Data(xml.utf8))
        try scratch.write("JPEGImages/a.jpg", Data())
        return scratch
    }

    private func annotation(_ inner: String) -> String {
        "<annotation><filename>a.jpg</filename><size><width>64</width><height>48</height></size>\(inner)</annotation>"
    }

    private func refusal(_ xml: String) throws -> String {
        let scratch = try set(xml)
        do {
            _ = try AnnotatedSet(path: scratch.url.path)
            return ""
        } catch {
            return error.description
        }
    }

    @Test func completeSetIsRead() throws {
        let hard = Self.object.replacing("difficult>0", with: "difficult>1")
            .replacing("car", with: "bus")
        let scratch = try set(annotation(Self.object + hard))
        let read = try AnnotatedSet(path: scratch.url.path)
        #expect(read.classes == ["bus", "car"])
        #expect(read.pictures[0].path == scratch.path("JPEGImages/a.jpg"))
        #expect(read.pictures[0].extent == PictureExtent(width: 64, height: 48))
        let found = read.pictures[0].annotations
        #expect(found.map(\.classIndex) == [1, 0])
        #expect(found.map(\.isIgnored) == [false, true])
        #expect(found[0].box == Box(left: 10, top: 20, right: 30.5, bottom: 60))
    }

    @Test func partsOfAnObjectAreNotObjects() throws {
        let part =
            "<part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part>"
        let xml = annotation(Self.object.replacing("</object>", with: part + "</object>"))
        let scratch = try set(xml)
        let read = try AnnotatedSet(path: scratch.url.path)
        #expect(read.classes == ["car"])
        #expect(read.pictures[0].annotations[0].box.width == 20.5)
    }

    @Test func imageSetListSelectsItsFiles() throws {
        let scratch = try set(annotation(Self.object))
        try scratch.write("ImageSets/Main/val.txt", Data("a 1\nmissing -1\n".utf8))
        var source = DatasetSource(scratch.url.path)
        source.split = "val"
        #expect(try AnnotatedSet(source).pictures.count == 1)
        let list = scratch.path("ImageSets/Main/val.txt")
        #expect(try AnnotatedSet(path: list).pictures.count == 1)
    }

    @Test(arguments: [
        ("<annotation><object>", "a.xml:1: it is not valid XML"),
        ("", "no <annotation>"), ("<annotation><size></annotation>", "not valid XML"),
        ("<annotation>a</annotation><b>", "not valid XML"), ("no markup", "not valid XML"),
        ("<html></html>", "its root is <html>"),
        ("<annotation>\n<object>\n<name>car</name></object></annotation>", "a.xml:2: the object"),
        ("<annotation>\n<object></object></annotation>", "a.xml:2: an object has no name"),
        (
            "<annotation>\n<object><name>c</name><bndbox><xmin>nan</xmin></bndbox></object></annotation>",
            "a.xml:2: \"nan\""
        ),
        ("<annotation><filename>rtsp://x</filename></annotation>", "is a URL"),
    ])
    func errorsContainTheLine(xml: String, words: String) throws {
        let message = try refusal(xml)
        #expect(message.contains(words), "\(message)")
    }

    @Test func unlistedClassesAreRefused() throws {
        let scratch = try set(annotation(Self.object))
        var source = DatasetSource(scratch.url.path)
        source.names = ["bus"]
        #expect(throws: DatasetError.self) { try AnnotatedSet(source) }
        source.names = ["bus", "car"]
        #expect(try AnnotatedSet(source).pictures[0].annotations[0].classIndex == 1)
    }

    /// An entity that doubles thirty times would exhaust the memory.
    @Test func recursiveEntitiesAreRefused() throws {
        var xml = "<!DOCTYPE annotation [<!ENTITY a0 \"xxxxxxxxxx\">"
        for level in 1..<30 { xml += "<!ENTITY a\(level) \"&a\(level - 1);&a\(level - 1);\">" }
        xml += "]><annotation><filename>&a29;</filename></annotation>"
        let start = ContinuousClock.now
        _ = try refusal(xml)
        #expect(ContinuousClock.now - start < .seconds(10))
    }
}
