package import EventStore
internal import Foundation
package import Pipeline

extension StoredObject {
    /// Object of `/api/objects`, with times in UTC by RFC 3339.
    package var json: JSONObject {
        JSONObject {
            $0.add("key", key)
            $0.add("camera", camera)
            $0.add("id", track)
            $0.add("class", className)
            $0.add("begin", Self.text(begin))
            if let end { $0.add("end", Self.text(end)) }
            $0.addRaw("score", DecimalText.text(score, decimals: 4))
            $0.addRaw("box", box)
            $0.add("width", width)
            $0.add("height", height)
            $0.add("places", array: places.map(JSONText.quoted))
            $0.addRaw("dwell", DecimalText.text(dwell, decimals: 3))
            if hasPicture { $0.add("thumbnail", "objects/\(key).jpg") }
            if let snapshot { $0.add("snapshot", snapshot) }
            if let clip { $0.add("clip", clip) }
            $0.add("starred", isStarred)
            $0.add("reviewed", isReviewed)
            $0.add("note", note)
        }
    }

    /// Time in milliseconds since 1970 as text.
    static func text(_ milliseconds: Int) -> String {
        EventRecord.text(Date(timeIntervalSince1970: Double(milliseconds) / 1000))
    }
}
