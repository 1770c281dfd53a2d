import TestSupport
import Testing

@testable import Bench
@testable import Pipeline

struct COCODatasetTests {
    private func complaint(_ text: String) throws -> RunError? {
        let scratch = try Scratch()
        let path = try scratch.write("set.json", text)
        do throws(RunError) {
            _ = try COCODataset(path: path)
            return nil
        } catch {
            return error
        }
    }

    private func set(
        images: String = #"{"id":1,"file_name":"a.png"}"#,
        categories: String = #"{"id":3,"name":"car"}"#,
        annotations: String = #"{"image_id":1,"category_id":3,"bbox":[1,2,3,4]}"#
    ) -> String {
        #"{"images":[\#(images)],"categories":[\#(categories)],"annotations":[\#(annotations)]}"#
    }

    @Test func aWholeSetIsRead() throws {
        let scratch = try Scratch()
        let dataset = try COCODataset(path: scratch.write("set.json", set()))
        #expect(dataset.annotations[0].box == [1, 2, 3, 4])
        #expect(dataset.path(of: dataset.images[0]) == scratch.path("a.png"))
        #expect(dataset.path(of: .init(id: 1, fileName: "/x/a.png")) == "/x/a.png")
    }

    @Test(arguments: [
        ("1", true), ("0", false), ("true", true), ("false", false), ("1.0", true), ("null", false),
    ])
    func crowdsAreNumbersOrTruthValues(_ written: String, isCrowd: Bool) throws {
        let scratch = try Scratch()
        let one =
            #"{"image_id":1,"category_id":3,"bbox":[1,2,3,4],"iscrowd":\#(written)}"#
        let dataset = try COCODataset(path: scratch.write("set.json", set(annotations: one)))
        #expect((dataset.annotations[0].isCrowd?.isSet ?? false) == isCrowd)
    }

    /// The order of ids decides between equal scores, as in the reference tools.
    @Test func imagesComeInTheOrderOfTheirIDs() throws {
        let scratch = try Scratch()
        let images = #"{"id":2,"file_name":"b.png"},{"id":1,"file_name":"a.png"}"#
        let dataset = try COCODataset(path: scratch.write("set.json", set(images: images)))
        #expect(dataset.images.map(\.id) == [1, 2])
    }

    @Test(arguments: [
        ("", "is no JSON"), ("[]", "wrong form"), ("{}", "\"images\" is missing"),
        (#"{"images":[{"id":1}],"categories":[],"annotations":[]}"#, "\"file_name\" is missing"),
        (#"{"images":[{"id":"x","file_name":"a"}]}"#, "wrong form"),
    ])
    func otherFilesAreRefusedAsADataSet(text: String, words: String) throws {
        let error = try #require(try complaint(text))
        #expect(error.reason == .usage)
        #expect(error.message.contains(words), "\(error.message)")
    }

    @Test func contradictionsInASetAreNamed() throws {
        let twice = #"{"id":1,"file_name":"a"},{"id":1,"file_name":"b"}"#
        #expect(try complaint(set(images: twice))?.message.contains("the same id") == true)
        #expect(try complaint(set(images: ""))?.message.contains("no images") == true)
        for annotation in [
            #"{"image_id":2,"category_id":3,"bbox":[1,2,3,4]}"#,
            #"{"image_id":1,"category_id":4,"bbox":[1,2,3,4]}"#,
            #"{"image_id":1,"category_id":3,"bbox":[1,2,3]}"#,
        ] {
            #expect(
                try complaint(set(annotations: annotation))?.message.contains("annotation 0")
                    == true)
        }
    }

    @Test func aMissingSetIsNotFound() {
        do throws(RunError) {
            _ = try COCODataset(path: "/nowhere/set.json")
            Issue.record("a missing file was read")
        } catch {
            #expect(error.reason == .notFound)
        }
    }
}
