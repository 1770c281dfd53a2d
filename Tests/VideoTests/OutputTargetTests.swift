import Foundation
import Testing

@testable import Video

struct OutputTargetTests {
    @Test func temporaryNamesAreBesideTheTarget() throws {
        let target = try OutputTarget("a.b/drive.one.mp4", overwrite: false)
        #expect(target.partial == "a.b/drive.one.partial.mp4")
        #expect(target.finishing == "a.b/drive.one.finishing.mp4")
    }

    @Test(arguments: ["folder.x/name", ".mp4", "dir/.mkv", ""])
    func namesWithoutStemOrExtensionAreRejected(_ path: String) {
        #expect(throws: VideoError.self) { try OutputTarget(path, overwrite: false) }
    }

    @Test(arguments: [("x.mp4", Container.mp4), ("a/b.MKV", .mkv), ("x.y.Mov", .mov)])
    func containerFollowsTheExtension(_ name: (String, Container)) throws {
        #expect(try Container(path: name.0) == name.1)
    }

    @Test(arguments: ["x.avi", "x.webm", "x", "x.mp4/y"])
    func otherExtensionsAreRejected(_ path: String) {
        #expect(throws: VideoError.self) { try Container(path: path) }
    }
}
