import Foundation
import Scene
import TestSupport
import Testing

@testable import Datasets

/// Readers return a set or an error for files with changed, cut or repeated bytes, and never crash.
struct DatasetFuzzTests {
    private static let coco = """
        {"images":[{"id":1,"file_name":"a.png","width":64,"height":48}],"categories":[{"id":3,"name":"car"}],
        "annotations":[{"id":1,"image_id":1,"category_id":3,"bbox":[1,2,3,4],"iscrowd":0,"area":12.5}]}
        """
    private static let voc = """
        <?xml version="1.0"?><annotation><filename>a.jpg</filename><size><width>64</width><height>48</height></size>
        <object><name>car</name><difficult>0</difficult><bndbox><xmin>10</xmin><ymin>20</ymin><xmax>30</xmax>
        <ymax>60</ymax></bndbox></object></annotation>
        """
    private static let yolo = "0 0.5 0.5 0.25 0.25\n1 0.1 0.2 0.3 0.1 0.9\n0 .1 .1 .2 .2 .3 .1\n"
    private static let yaml = "path: .\ntrain: images\nval: [images]\nnc: 2\nnames: {0: a, 1: b}\n"

    private func mutated(_ text: String, _ random: inout SeededGenerator) -> Data {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard !bytes.isEmpty else { break }
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            case 2: bytes.removeLast(bytes.count - place)
            case 3: bytes.insert(contentsOf: bytes[place...].prefix(12), at: place)
            default:
                let words = ["1e999", "-1", "null", "NaN", "\u{0}", "\"", "<", "999999999999", "{"]
                bytes.insert(
                    contentsOf: words[Int.random(in: 0..<words.count, using: &random)].utf8,
                    at: place)
            }
        }
        return Data(bytes)
    }

    private func answer(_ path: String) {
        do throws(DatasetError) {
            let set = try AnnotatedSet(path: path)
            for picture in set.pictures {
                for annotation in picture.validAnnotations(width: 64, height: 48) {
                    #expect(annotation.box.isValid && annotation.box.right <= 64)
                    if let index = annotation.classIndex { #expect(set.classes.indices ~= index) }
                }
            }
        } catch {
            #expect(error.description.count > 10)
        }
    }

    @Test(arguments: 0..<4)
    func changedFilesGiveASetOrAnError(format: Int) throws {
        var random = SeededGenerator(seed: UInt64(format) + 1)
        for _ in 0..<300 {
            let scratch = try Scratch()
            try scratch.write("images/a.jpg", Data())
            switch format {
            case 0:
                answer(try scratch.write("set.json", mutated(Self.coco, &random)).path)
            case 1:
                try scratch.write("Annotations/a.xml", mutated(Self.voc, &random))
                answer(scratch.url.path)
            case 2:
                try scratch.write("labels/a.txt", mutated(Self.yolo, &random))
                try scratch.write("data.yaml", "names: [a, b]")
                answer(scratch.url.path)
            default:
                try scratch.write("labels/a.txt", Data(Self.yolo.utf8))
                answer(try scratch.write("data.yaml", mutated(Self.yaml, &random)).path)
            }
        }
    }

    @Test func deepNestingGivesAnError() throws {
        let scratch = try Scratch()
        let deep = String(repeating: "[", count: 100_000)
        answer(try scratch.write("a.json", deep))
        try scratch.write("Annotations/a.xml", Data(String(repeating: "<a>", count: 9_999).utf8))
        answer(scratch.url.path)
        try scratch.write("images/a.jpg", Data())
        answer(try scratch.write("b.yaml", "names: " + String(repeating: "[", count: 2_000)))
    }
}
