import Foundation
import Scene
import Testing

@testable import draw_tracks

struct TracksFileTests {
    private func file(_ text: String) throws -> TracksFile {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("thunderline-\(UUID().uuidString).mot.txt")
        defer { try? FileManager.default.removeItem(at: url) }
        try text.write(to: url, atomically: true, encoding: .utf8)
        return try TracksFile(contentsOf: url.path)
    }

    @Test func groundTruthAndResultsAreParsed() throws {
        let tracks = try file("1,4,10.5,20,30,40,1,3,0.25\r\n2,5,1,2,3,4,0.9,-1,-1,-1\n")
        #expect(tracks.lines.map(\.frame) == [1, 2])
        #expect(tracks.lines.map(\.visibility) == [0.25, 1])
        #expect(tracks.objects(frame: 1).first?.classIndex == 2)
        #expect(tracks.objects(frame: 1).first?.box == Box(x: 10.5, y: 20, width: 30, height: 40))
        #expect(tracks.objects(frame: 2).first?.score == 0.9)
        #expect(tracks.objects(frame: 3).isEmpty)
    }

    @Test(arguments: [
        "1,4,10,20,30", "1,4,a,20,30,40,1,3,1", "1.5,4,10,20,30,40,1", "1,,10,20,30,40,1",
        "1,4,10,20,30,40,1,nan,1", "1,4,10,20,30,40,1,1e30,1",
    ])
    func errorNamesTheInvalidLine(line: String) {
        #expect {
            try file("1,4,10,20,30,40,1,3,1\n\(line)\n")
        } throws: { error in
            "\(error)".contains("line 2")
        }
    }
}
