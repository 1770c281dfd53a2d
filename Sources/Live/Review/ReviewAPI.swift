internal import Analytics
internal import EventStore
internal import FlyingFox
internal import Foundation
internal import Pipeline
internal import Scene
internal import Video

/// Part of the page that searches the event store and changes its objects.
struct ReviewAPI: Sendable {
    let store: OpenStore?
    let thumbnails: RecentThumbnails
    /// Folder of snapshots, from which the one of a deleted object goes as well.
    let snapshots: String?
    /// Folders of recordings by camera.
    let recordings: [String: String]

    /// Largest body of a change in bytes.
    static let longestBody = 8192

    /// Response to a GET; nil for addresses of others.
    func get(_ parts: [String], _ query: [String: String]) async -> HTTPResponse? {
        switch (parts.first, parts.count) {
        case ("thumbnails", 3): return thumbnail(parts[1], parts[2])
        case ("objects", 2): return await picture(parts[1])
        case ("api", 2) where parts[1] == "recording": return await recording(query)
        case ("api", 2) where ["objects", "summary", "names"].contains(parts[1]):
            return await search(parts[1], query)
        case ("api", 2) where parts[1] == "events" && store != nil:
            return await search(parts[1], query)
        case ("api", 3) where parts[1] == "objects": return await object(parts[2])
        default: return nil
        }
    }

    /// Response to `PATCH /api/objects/KEY` with a JSON object, or `DELETE /api/objects/KEY`.
    func change(_ request: HTTPRequest) async -> HTTPResponse {
        let parts = request.path.split(separator: "/").map(String.init)
        guard parts.count == 3, parts[0] == "api", parts[1] == "objects", let key = Int(parts[2])
        else { return PageHandler.refusal(.methodNotAllowed, "Nothing can be changed here.") }
        guard let store else { return Self.noStore }
        if request.method == .DELETE { return await delete(key, store) }
        guard let data = try? await request.bodyData, let change = try? Change(data) else {
            return PageHandler.refusal(
                .badRequest, "Send a JSON object with starred, reviewed or note.")
        }
        for one in change.all where await !store.writer.change(key, one) {
            return PageHandler.refusal(
                .notFound, "There is no such object, or the event store cannot be written.")
        }
        return await object(String(key)) ?? Self.noObject
    }

    private func delete(_ key: Int, _ store: OpenStore) async -> HTTPResponse {
        let object = try? await StoredFile.reading { try store.reader.object(key) }
        guard await store.writer.change(key, .delete) else { return Self.noObject }
        if let snapshots, let name = object?.snapshot {
            _ = try? await StoredFile.reading { try RealFolder(given: snapshots)?.remove(name) }
        }
        return PageHandler.json(["deleted": key])
    }

    private func search(_ what: String, _ query: [String: String]) async -> HTTPResponse {
        guard let store else { return Self.noStore }
        do {
            return try await StoredFile.reading {
                let reply = ReviewReplies(reader: store.reader, query: query)
                return switch what {
                case "objects": try reply.objects()
                case "summary": try reply.summary()
                case "names": try reply.names()
                default: try reply.events()
                }
            }
        } catch {
            return PageHandler.refusal(.badRequest, (error as? StoreError)?.message ?? "\(error)")
        }
    }

    private func object(_ key: String) async -> HTTPResponse? {
        guard let store else { return Self.noStore }
        let reply = try? await StoredFile.reading {
            try Int(key).flatMap { try ReviewReplies(reader: store.reader, query: [:]).object($0) }
        }
        return reply ?? nil ?? Self.noObject
    }

    /// Recording of a moment in milliseconds since 1970.
    private func recording(_ query: [String: String]) async -> HTTPResponse {
        guard let camera = query["camera"], let at = query["at"].flatMap(Double.init),
            let path = recordings[camera]
        else { return PageHandler.refusal(.notFound, "There are no recordings of that camera.") }
        let found = try? await StoredFile.reading {
            RealFolder(path).flatMap { RecordedMoment(of: camera, at: at / 1000, in: $0) }
        }
        guard let moment = found ?? nil else {
            return PageHandler.refusal(.notFound, "No finished recording holds that moment.")
        }
        return PageHandler.json(moment)
    }

    /// `KEY.jpg`: picture of an object in the store.
    private func picture(_ file: String) async -> HTTPResponse {
        guard let store, file.hasSuffix(".jpg"), let key = Int(file.dropLast(4)) else {
            return Self.noPicture
        }
        let found = try? await StoredFile.reading { try store.reader.picture(of: key) }
        guard let jpeg = found ?? nil else { return Self.noPicture }
        return PageHandler.reply(Data(jpeg), "image/jpeg")
    }

    /// `CAMERA/TRACK.jpg`: picture of a recent object, from memory.
    private func thumbnail(_ camera: String, _ file: String) -> HTTPResponse {
        guard file.hasSuffix(".jpg"), let track = Int(file.dropLast(4)),
            let jpeg = thumbnails[.init(camera: camera, track: track)]
        else { return Self.noPicture }
        return PageHandler.reply(Data(jpeg), "image/jpeg")
    }

    /// Object of a recent event, with the address of its picture.
    func reply(_ record: EventRecord) -> String {
        record.reply(
            thumbnail: thumbnails.address(camera: record.camera, track: record.event.object.id))
    }

    private static let noStore = PageHandler.refusal(
        .notFound, "There is no event store: set store.folder.")
    private static let noObject = PageHandler.refusal(.notFound, "There is no such object.")
    private static let noPicture = PageHandler.refusal(.notFound, "There is no such picture.")

    /// Body of a `PATCH`.
    private struct Change: Decodable {
        var starred: Bool?
        var reviewed: Bool?
        var note: String?

        init(_ data: Data) throws { self = try JSONDecoder().decode(Self.self, from: data) }

        var all: [ObjectChange] {
            [starred.map { .star($0) }, reviewed.map { .review($0) }, note.map { .note($0) }]
                .compactMap { $0 }
        }
    }
}
