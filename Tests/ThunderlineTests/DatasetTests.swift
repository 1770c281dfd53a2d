import Foundation
import TestSupport
import Testing

extension ProgramTests {
    /// `thunderline dataset check` on small sets made for it.
    struct DatasetTests {
        private func picture(_ name: String, _ source: String) throws -> Data {
            let path = try Media.make(
                name, "-f lavfi -i \(source)=size=96x64:duration=0.04 -frames:v 1")
            return try Data(contentsOf: URL(fileURLWithPath: path))
        }

        private func set(_ scratch: Scratch) throws -> String {
            try scratch.write("train/images/a.png", try picture("check-a.png", "testsrc2"))
            try scratch.write("train/images/b.png", try picture("check-b.png", "smptebars"))
            try scratch.write("train/images/c.png", Data("no picture".utf8))
            try scratch.write("val/images/d.png", try picture("check-a.png", "testsrc2"))
            try scratch.write("train/labels/a.txt", Data("0 .5 .5 .5 .5\n1 .9 .5 .4 .2\n".utf8))
            try scratch.write("train/labels/b.txt", Data("1 .5 .5 0 .5\n".utf8))
            return try scratch.write(
                "data.yaml", "train: train/images\nval: val/images\nnames: [car, bus]\n")
        }

        @Test func whatIsWrongIsSaid() throws {
            let scratch = try Scratch()
            let sheet = scratch.path("sheet.png")
            let ended = try Program.run(["dataset", "check", set(scratch), "--sheet", sheet])
            #expect(ended.status == 65)
            for words in [
                "data.yaml:train: 3 images (1 without objects), 3 objects",
                "1 unreadable image", "c.png", "1 empty box",
                "1 box extends beyond its image", "1 copy between sets", "anchors at 640x352",
                "d.png is a copy of", "3 images",
            ] {
                #expect(ended.output.contains(words), "\(words) in \(ended.output)")
            }
            let facts = try MediaFacts(sheet)
            #expect(facts.size == [3 * 322 - 2, 213])
        }

        @Test func aWrongLineEndsWithItsPlace() throws {
            let scratch = try Scratch()
            let path = try set(scratch)
            try scratch.write("train/labels/b.txt", Data("7 .5 .5 .1 .5\n".utf8))
            let ended = try Program.run(["dataset", "check", path])
            #expect(ended.status == 64)
            #expect(ended.standardError.contains("b.txt:1: class 7"), "\(ended.standardError)")
        }

        @Test(arguments: ["/nowhere.json", "/dev/null"])
        func whatIsNoSetIsRefused(path: String) throws {
            #expect(try Program.run(["dataset", "check", path]).status != 0)
        }

        /// The same two pictures in three formats measure the same.
        @Test func evalReadsAllFormats() throws {
            let scratch = try Scratch()
            try scratch.write("images/a.png", try picture("check-a.png", "testsrc2"))
            try scratch.write("images/b.png", try picture("check-b.png", "smptebars"))
            try scratch.write("labels/a.txt", Data("1 .5 .5 .5 .5\n".utf8))
            try scratch.write("labels/b.txt", Data())
            let yaml = try scratch.write("data.yaml", "val: images\nnames: [bus, car]\n")
            let coco = try scratch.write(
                "set.json",
                #"{"images":[{"id":1,"file_name":"images/a.png"},{"id":2,"file_name":"images/b.png"}],"categories":[{"id":1,"name":"bus"},{"id":2,"name":"car"}],"annotations":[{"image_id":1,"category_id":2,"bbox":[24,16,48,32]}]}"#
            )
            let xml =
                "<annotation><filename>a.png</filename><object><name>car</name><bndbox><xmin>24</xmin><ymin>16</ymin><xmax>72</xmax><ymax>48</ymax></bndbox></object></annotation>"
            try scratch.write("voc/Annotations/a.xml", Data(xml.utf8))
            try scratch.write(
                "voc/Annotations/b.xml",
                Data("<annotation><filename>b.png</filename></annotation>".utf8))
            for name in ["a.png", "b.png"] {
                try scratch.write(
                    "voc/JPEGImages/\(name)", try Data(contentsOf: scratch.file("images/\(name)")))
            }
            var values: [String] = []
            for path in [coco, yaml, scratch.path("voc")] {
                let ended = try Program.run(["eval", path, "--json"])
                #expect(ended.status == 0, "\(ended.standardError)")
                let object = try JSONSerialization.jsonObject(with: Data(ended.output.utf8))
                let root = try #require(object as? [String: Any])
                #expect(root["images"] as? Int == 2)
                values.append("\(root["AP"] ?? "") \(root["AP50"] ?? "")")
            }
            #expect(Set(values).count == 1, "\(values)")
        }

        @Test func evalRefusesPicturesThatAreNoPlainFiles() throws {
            let scratch = try Scratch()
            let path = try scratch.write(
                "set.json",
                #"{"images":[{"id":1,"file_name":"-"}],"categories":[{"id":2,"name":"car"}],"annotations":[]}"#
            )
            let ended = try Program.run(["eval", path])
            #expect(ended.status == 64)
            #expect(ended.standardError.contains("standard input"))
        }

        /// Labels are the model's detections; known objects stay and are not labelled twice.
        @Test func aFolderOfImagesIsLabelled() throws {
            let scratch = try Scratch()
            let frame = try Media.make(
                "label-frame.png", "-i \(Shared.root.path)/Samples/road-day.mp4 -frames:v 1")
            try scratch.write("images/a.png", Data(contentsOf: URL(fileURLWithPath: frame)))
            let first = scratch.path("first.json")
            let labelled = try Program.run(
                ["dataset", "label", scratch.path("images"), "--min-score", "0.3", "-o", first])
            #expect(labelled.status == 0, "\(labelled.standardError)")
            #expect(labelled.output.contains("labels added"))
            let text = try String(contentsOfFile: first, encoding: .utf8)
            #expect(text.contains(#""file_name":"images/a.png""#))
            #expect(text.contains(#""score":"#))
            let again = try Program.run(
                [
                    "dataset", "label", first, "--min-score", "0.3", "-o",
                    scratch.path("second.json"),
                ])
            #expect(again.output.contains(": 0 labels added"), "\(again.output)")
            let measured = try Program.run(["eval", first, "--json"])
            #expect(measured.status == 0, "\(measured.standardError)")
        }

        @Test func anUnknownClassToLabelIsRefused() throws {
            let scratch = try Scratch()
            try scratch.write("images/a.png", try picture("check-a.png", "testsrc2"))
            let ended = try Program.run([
                "dataset", "label", scratch.path("images"), "--classes", "cat", "-o",
                scratch.path("labels.json"),
            ])
            #expect(ended.status == 64)
            #expect(ended.standardError.contains("no class \"cat\""))
        }
    }
}
