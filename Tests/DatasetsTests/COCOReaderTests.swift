import Scene
import TestSupport
import Testing

@testable import Datasets

struct COCOReaderTests {
    private func read(_ text: String) throws -> AnnotatedSet {
        let scratch = try Scratch()
        return try AnnotatedSet(path: try scratch.write("set.json", text))
    }

    private func refusal(_ text: String) throws -> String? {
        do {
            _ = try read(text)
            return nil
        } catch let error as DatasetError {
            return error.description
        }
    }

    private func set(
        images: String = #"{"id":1,"file_name":"a.png"}"#,
        categories: String = #"{"id":3,"name":"car"}"#,
        annotations: String = #"{"image_id":1,"category_id":3,"bbox":[1,2,3,4]}"#
    ) -> String {
        #"{"images":[\#(images)],"categories":[\#(categories)],"annotations":[\#(annotations)]}"#
    }

    @Test func completeSetIsRead() throws {
        let scratch = try Scratch()
        let images =
            #"{"id":1,"file_name":"a.png","width":64,"height":48},{"id":2,"file_name":"/x/b.png"}"#
        let read = try AnnotatedSet(path: scratch.write("set.json", set(images: images)))
        #expect(read.classes == ["car"])
        #expect(read.pictures.map(\.path) == [scratch.path("a.png"), "/x/b.png"])
        #expect(read.pictures[0].extent == PictureExtent(width: 64, height: 48))
        #expect(
            read.pictures[0].annotations == [
                Annotation(classIndex: 0, box: Box(x: 1, y: 2, width: 3, height: 4))
            ])
    }

    /// The order of ids breaks ties between equal scores, as in the reference tools.
    @Test func imagesAreSortedByID() throws {
        let images = #"{"id":2,"file_name":"/b.png"},{"id":1,"file_name":"/a.png"}"#
        #expect(try read(set(images: images)).pictures.map(\.path) == ["/a.png", "/b.png"])
    }

    @Test(arguments: ["1", "true", "0", "false"])
    func crowdsAreIgnoredInEverySpelling(value: String) throws {
        let annotation =
            #"{"image_id":1,"category_id":3,"bbox":[1,2,3,4],"area":7,"iscrowd":\#(value)}"#
        let found = try read(set(annotations: annotation)).pictures[0].annotations[0]
        #expect(found.isIgnored == (value == "1" || value == "true"))
        #expect(found.area == 7)
    }

    @Test(arguments: [
        ("", "is not valid JSON"), ("[]", "wrong form"), ("{}", "\"images\" is missing"),
        (#"{"images":[{"id":1}],"categories":[],"annotations":[]}"#, "\"file_name\" is missing"),
        (#"{"images":[{"id":"x","file_name":"a"}]}"#, "wrong form"),
        ("{\"images\":[\n{\"id\":}]}", "line 2"),
        (#"{"images":[],"categories":[],"annotations":[{"bbox":[NaN,1,2,3]}]}"#, "line 1"),
    ])
    func invalidFilesAreReported(text: String, words: String) throws {
        let message = try #require(try refusal(text))
        #expect(message.contains(words), "\(message)")
    }

    @Test func contradictionsInASetAreReported() throws {
        let twice = #"{"id":1,"file_name":"a"},{"id":1,"file_name":"b"}"#
        #expect(try refusal(set(images: twice))?.contains("the same id") == true)
        #expect(try refusal(set(images: ""))?.contains("no images") == true)
        for annotation in [
            #"{"image_id":2,"category_id":3,"bbox":[1,2,3,4]}"#,
            #"{"image_id":1,"category_id":4,"bbox":[1,2,3,4]}"#,
            #"{"image_id":1,"category_id":3,"bbox":[1,2,3]}"#,
            #"{"image_id":1,"category_id":3,"bbox":[1,2,3,1e300]}"#,
        ] {
            let message = try refusal(set(annotations: annotation))
            #expect(message?.contains("annotation 0") == true, "\(annotation)")
        }
    }

    @Test func annotationsWithEqualIDsAreKeptWithANotice() throws {
        let one = #"{"id":9,"image_id":1,"category_id":3,"bbox":[1,2,3,4]}"#
        let read = try read(set(annotations: "\(one),\(one)"))
        #expect(read.pictures[0].annotations.count == 2)
        #expect(read.notices.count == 1)
    }

    @Test(arguments: ["-", "/dev/video0", "http://host/a.png", "rtsp://host", "", "a\\u0000b"])
    func namesOtherThanPlainFilesAreRefused(name: String) throws {
        let message = try refusal(set(images: #"{"id":1,"file_name":"\#(name)"}"#))
        #expect(message?.contains("file_name of image 1") == true, "\(message ?? "accepted")")
    }

    @Test func pathsAreNeverTakenForProtocols() {
        #expect(PlainFile.path(of: "concat:a.png", in: "") == "./concat:a.png")
    }

    @Test func missingSetIsReportedAsNotFound() throws {
        do {
            _ = try AnnotatedSet(path: "/nowhere/set.json")
            Issue.record("a missing file was read")
        } catch {
            #expect(error.kind == .notFound)
        }
    }

    @Test func deviceIsRefused() {
        var source = DatasetSource("/dev/zero")
        source.format = .coco
        do {
            _ = try AnnotatedSet(source)
            Issue.record("a device was read")
        } catch {
            #expect(error.kind == .notReadable)
        }
    }
}
