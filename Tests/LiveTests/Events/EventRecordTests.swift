import Analytics
import Foundation
import Scene
import Testing

@testable import Live

struct EventRecordTests {
    @Test func aLineIsJSONWithTimeInUTC() throws {
        var record = EventRecord.example()
        record.cameraTime = Date(timeIntervalSince1970: 0)
        record.snapshot = record.snapshotName
        let line = record.line
        #expect(line.hasSuffix("}\n") && line.count { $0 == "\n" } == 1)
        let read = try #require(
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(read["time"] as? String == "2025-01-31T23:59:59.123Z")
        #expect(read["camera_time"] as? String == "1970-01-01T00:00:00.000Z")
        #expect(read["class"] as? String == "a \"car\"")
        #expect(read["box"] as? [Double] == [1, 2, 3.25, 4])
        #expect(read["snapshot"] as? String == "gate-20250131T235959.123Z-7-begin.jpg")
    }

    /// The former name of `class` is kept for one release.
    @Test func thePageGetsTheObjectOfTheLineAndItsFormerName() throws {
        let record = EventRecord.example()
        let texts = [record.line, record.reply()]
        let objects = try texts.map {
            try #require(
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? NSDictionary)
        }
        let expected = try #require(objects[0].mutableCopy() as? NSMutableDictionary)
        expected["className"] = objects[0]["class"]
        #expect(objects[1] == expected)
    }
}

extension EventRecord {
    /// Event of an object with a number.
    static func example(_ id: Int = 7) -> EventRecord {
        let object = TrackedObject(
            id: id, classIndex: 0, score: 0.5, box: Box(x: 1, y: 2, width: 3.25, height: 4),
            isPredicted: false)
        return EventRecord(
            camera: "gate", event: ObjectEvent(kind: .begin, object: object, seconds: 0),
            className: "a \"car\"", time: Date(timeIntervalSince1970: 1_738_367_999.1234))
    }
}
