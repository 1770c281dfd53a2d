import Foundation
import TestSupport
import Testing

@testable import Configuration
@testable import Pipeline

struct OutputNamingTests {
    private let two = ["a.mp4", "b.mp4"]

    private func job(_ source: String) -> InputSource {
        InputSource(source: source, isImage: SourceList.isImage(source))
    }

    private func naming(
        _ path: String?, of sources: [String] = ["a.mp4"],
        change: (inout DetectDescription) -> Void = { _ in }
    ) throws -> OutputNaming {
        var description = DetectDescription()
        description.output.path = path
        change(&description)
        return try OutputNaming(description, jobs: sources.map(job))
    }

    @Test(arguments: [
        ("a/drive.mp4", "drive-seen.mp4"), ("drive.MKV", "drive-seen.mkv"),
        ("drive.avi", "drive-seen.mp4"), ("shot.webp", "shot-seen.png"),
        ("shot.JPG", "shot-seen.jpg"), ("-", "stdin-seen.mp4"),
        ("rtsp://user:secret@camera/front?x=1/2", "front-seen.mp4"),
        ("http://camera/", "camera-seen.mp4"), ("me@home.mp4", "me@home-seen.mp4"),
        ("what?.mp4", "what?-seen.mp4"), ("/dev/video0", "video0-seen.mp4"),
    ])
    func theDefaultNameFollowsTheSource(source: String, output: String) throws {
        #expect(try naming(nil).video(of: job(source)) == output)
    }

    @Test func anOutputFolderGetsOneFilePerSource() throws {
        let scratch = try Scratch()
        let folder = scratch.path("new") + "/"
        let naming = try naming(folder, of: two)
        #expect(naming.video(of: job("x/drive.mov")) == folder + "drive.mov")
        #expect(FileManager.default.fileExists(atPath: folder))
        #expect(try self.naming(scratch.url.path).video(of: job("a.mp4")) == scratch.path("a.mp4"))
    }

    @Test func severalSourcesNeedAFolder() throws {
        #expect(throws: RunError.self) { try naming("one.mp4", of: two) }
        #expect(throws: RunError.self) { try naming("/nowhere/at/all", of: two) }
        #expect(try naming("one.mp4").video(of: job("a.mp4")) == "one.mp4")
    }

    @Test func resultsTakeTheSourcesName() throws {
        let naming = try naming(nil) { $0.results = ["r/{name}.csv", "all.ndjson"] }
        #expect(naming.results(of: job("x/drive.mp4")) == ["r/drive.csv", "all.ndjson"])
    }

    @Test func oneMOTTextCannotHoldSeveralSources() throws {
        #expect(throws: RunError.self) {
            try naming(nil, of: two) { $0.results = ["all.mot.txt"] }
        }
        _ = try naming(nil, of: two) { $0.results = ["{name}.mot.txt", "all.csv"] }
    }

    @Test(arguments: [
        ["front/1.mp4", "rear/1.mp4"], ["1.mp4", "1.avi"], ["1.mp4", "2.mp4", "1.mp4"],
    ])
    func twoOutputsOfOneNameAreRefused(sources: [String]) throws {
        let scratch = try Scratch()
        let seen = scratch.path("seen") + "/"
        for overwrite in [false, true] {
            #expect(throws: RunError.self) {
                try naming(seen, of: sources) { $0.output.overwrite = overwrite }
            }
        }
        #expect(throws: RunError.self) {
            try naming(nil, of: sources) {
                $0.output.video = false
                $0.results = ["{name}.csv"]
            }
        }
        #expect(scratch.names.isEmpty)
        _ = try naming(nil, of: sources) {
            $0.output.video = false
            $0.results = ["all.csv"]
        }
        _ = try naming(seen, of: ["1.mp4", "1.jpg", "1.mkv"])
        #expect(scratch.names == ["seen"])
    }

    @Test(arguments: [["1.jpg"], ["1.mp4"], ["1.avi", "1.mp4", "2.mp4"]])
    func noSourceIsReplaced(names: [String]) throws {
        let scratch = try Scratch()
        for name in names { try scratch.write(name, name) }
        try FileManager.default.createSymbolicLink(
            at: scratch.file("link"), withDestinationURL: scratch.url)
        for folder in [scratch.url.path, scratch.path("link")] {
            for join in [false, true] where !(join && names.count == 1) {
                #expect(throws: RunError.self) {
                    try naming(folder, of: names.map(scratch.path)) {
                        $0.output.overwrite = true
                        $0.input.join = join
                    }
                }
            }
        }
        #expect(try String(contentsOf: scratch.file(names[0]), encoding: .utf8) == names[0])
    }

    @Test func aResultsFileGivenTwiceIsWrittenOnce() throws {
        let naming = try naming(nil) { $0.results = ["{name}.csv", "-", "drive.csv", "-"] }
        #expect(naming.results(of: job("drive.mp4")) == ["drive.csv", "-"])
    }

    @Test func noVideoGivesNoFile() throws {
        #expect(try naming("x.mp4") { $0.output.video = false }.video(of: job("a.mp4")) == nil)
    }

    @Test func everyOutputIsApartFromSourcesAndLists() throws {
        let scratch = try Scratch()
        let source = try scratch.write("a.csv", "x")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("here"), withDestinationPath: ".")
        for output in [source, scratch.path("here/a.csv")] {
            #expect(throws: RunError.self) {
                try naming(nil, of: [source]) { $0.results = [output] }
            }
            #expect(throws: RunError.self) {
                try naming(nil) {
                    $0.results = [output]
                    $0.input.sources = ["@\(source)"]
                }
            }
            #expect(throws: RunError.self) {
                try naming(nil, of: [source]) { $0.counts.heatMaps = [output] }
            }
        }
    }

    @Test func outputsThatDoNotExistAreComparedByFolderAndName() throws {
        let scratch = try Scratch()
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("here"), withDestinationPath: ".")
        #expect(throws: RunError.self) {
            try naming(nil) { $0.results = [scratch.path("r.csv"), scratch.path("here/r.csv")] }
        }
        #expect(throws: RunError.self) {
            try naming(nil) { $0.results = ["new/r.csv", "new/../new/r.csv"] }
        }
        _ = try naming(nil) { $0.results = ["new/r.csv", "other/r.csv", "-"] }
    }
}
