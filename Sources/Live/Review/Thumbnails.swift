internal import Analytics
internal import Flow
internal import Foundation
internal import Scene
internal import Video

/// Small pictures of the most recent objects, in memory.
final class RecentThumbnails: Sendable {
    /// Largest number of pictures.
    static let countLimit = 400
    /// Largest memory of all pictures in bytes.
    static let byteLimit = 8 << 20

    /// Object of a run.
    struct Key: Hashable, Sendable {
        let camera: String
        let track: Int
    }

    private struct State: Sendable {
        var pictures: [Key: [UInt8]] = [:]
        var order: [Key] = []
        var bytes = 0
    }

    private let state = Lock(State())

    /// Picture of an object; nil when it has none, or no longer.
    subscript(key: Key) -> [UInt8]? { state.withLock { $0.pictures[key] } }

    /// Address of an object's picture on the page; nil without one.
    func address(camera: String, track: Int) -> String? {
        let key = Key(camera: camera, track: track)
        return state.withLock { $0.pictures[key] != nil }
            ? "thumbnails/\(camera)/\(track).jpg" : nil
    }

    /// Keeps a picture, and drops the oldest ones above the limits.
    func add(_ picture: [UInt8], of key: Key) {
        state.withLock { state in
            guard state.pictures.updateValue(picture, forKey: key) == nil else { return }
            state.order.append(key)
            state.bytes += picture.count
            while state.order.count > Self.countLimit || state.bytes > Self.byteLimit {
                state.bytes -=
                    state.pictures.removeValue(forKey: state.order.removeFirst())?.count ?? 0
            }
        }
    }
}

/// Makes small pictures of new objects, of each camera at most one a second.
struct ThumbnailMaker {
    /// Kinds of events whose frame may be the first picture of their object.
    static let kinds: Set<ObjectEvent.Kind> = [.begin, .change, .cross, .enter, .loiter]
    /// Largest width in pixels.
    static let width = 320
    private static let interval: UInt64 = 1_000_000_000

    let recent: RecentThumbnails
    private var encoders: [Int: Encoder] = [:]
    /// Time of each camera's next picture, in nanoseconds.
    private var due: [Int: UInt64] = [:]

    private final class Encoder {
        var jpeg = JPEGEncoder(widthLimit: ThumbnailMaker.width, quality: 6)
    }

    init(_ recent: RecentThumbnails) { self.recent = recent }

    /// Makes the first picture of an event's object, where the event has a frame; empty for none.
    mutating func picture(of pending: borrowing PendingEvent) -> [UInt8] {
        let index = pending.camera.index
        let key = RecentThumbnails.Key(
            camera: pending.record.camera, track: pending.record.event.object.id)
        let now = MonotonicClock.system.now
        guard now >= due[index] ?? 0, recent[key] == nil else { return [] }
        let encoder = encoders[index] ?? Encoder()
        encoders[index] = encoder
        guard let picture = Self.encode(pending, encoder) else { return [] }
        due[index] = now + Self.interval
        recent.add(picture, of: key)
        return picture
    }

    private static func encode(
        _ pending: borrowing PendingEvent, _ encoder: Encoder
    ) -> [UInt8]? {
        switch pending.frame {
        // An object without a picture is shown without one.
        case .some(let frame): try? encoder.jpeg.encode(frame)
        case .none: nil
        }
    }
}
