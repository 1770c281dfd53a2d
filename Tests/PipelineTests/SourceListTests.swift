import Foundation
import TestSupport
import Testing

@testable import Pipeline

struct SourceListTests {
    private func withFolder(_ names: [String], _ body: (String) throws -> Void) throws {
        let scratch = try Scratch()
        for name in names { try scratch.write(name, "") }
        try withExtendedLifetime(scratch) { try body(scratch.url.path) }
    }

    @Test func aFolderGivesItsMediaSortedWithNumbersByValue() throws {
        let names = [
            "clip10.mp4", "clip2.mp4", "notes.txt", "a.JPG", "x.partial.mp4", ".hidden.mp4",
        ]
        try withFolder(names) { folder in
            let jobs = try SourceList.expand([folder])
            #expect(
                jobs.map { $0.source.dropFirst(folder.count + 1) } == [
                    "a.JPG", "clip2.mp4", "clip10.mp4",
                ])
            #expect(jobs.map(\.isImage) == [true, false, false])
        }
    }

    @Test func patternsAreExpanded() throws {
        try withFolder(["a1.mp4", "a2.mp4", "b1.mp4", "a3.txt"]) { folder in
            let jobs = try SourceList.expand(["\(folder)/a*.mp4"])
            #expect(jobs.count == 2)
            #expect(try SourceList.expand(["\(folder)/[ab]1.mp?"]).count == 2)
            #expect(throws: RunError.self) { try SourceList.expand(["\(folder)/z*.mp4"]) }
        }
    }

    @Test func listsHaveOneSourcePerLine() throws {
        try withFolder([]) { folder in
            let list = folder + "/list.txt"
            try "# trip\n\n a.mp4 \nrtsp://x/y\n".write(
                toFile: list, atomically: true, encoding: .utf8)
            #expect(try SourceList.expand(["@\(list)"]).map(\.source) == ["a.mp4", "rtsp://x/y"])
        }
    }

    @Test func emptyFoldersAndMissingListsAreErrors() throws {
        try withFolder(["notes.txt"]) { folder in
            #expect(throws: RunError.self) { try SourceList.expand([folder]) }
            #expect(throws: RunError.self) { try SourceList.expand(["@\(folder)/none"]) }
        }
    }

    @Test(arguments: [
        ("abc", "a*c", true), ("abc", "*", true), ("abc", "a?c", true), ("abc", "a[bx]c", true),
        ("abc", "a[!b]c", false), ("abc", "a[a-c]c", true), ("abc", "ab", false), ("", "*", true),
        ("ab", "a*b*", true), ("aXbXb", "a*b", true), ("a[", "a[", true), ("abc", "a[]c", false),
    ])
    func patternsMatchAsInShells(name: String, part: String, matches: Bool) {
        #expect(PathPattern.matches(Array(name), Array(part)) == matches)
    }

    /// A FIFO in a folder would hold the run until somebody writes to it.
    @Test func aFolderGivesRegularFilesOnly() throws {
        let scratch = try Scratch()
        try scratch.write("b.mp4", "x")
        try scratch.write("c.mp4/inside", "x")
        let made = unsafe mkfifo(scratch.path("a.mp4"), 0o600)
        #expect(made == 0)
        let jobs = try SourceList.expand([scratch.url.path])
        #expect(jobs.map(\.source) == [scratch.url.path + "/b.mp4"])
    }
}
