/// Database of events and objects.
public struct StoreDescription: Sendable, Hashable {
    /// Path of the folder that holds it; nil for no database.
    public var folder: String?
    /// Seconds after which objects are removed, by class too; none for never.
    public var keepFor = ByClass()
    /// Limit of the database in bytes, above which the oldest objects are removed; nil for none.
    public var keepSize: Int?
}

extension LiveDescription {
    /// Contradictions between the settings of the event store.
    var storeContradictions: [String] {
        guard store.folder == nil else {
            return store.folder == record.folder || store.folder == spool.folder
                ? ["store.folder needs a folder of its own, beside recordings and spool."] : []
        }
        return store == StoreDescription()
            ? [] : ["There is no event store to keep objects in: give store.folder."]
    }
}

extension LiveSettingTable {
    /// Rows of the event store.
    static let store: [Setting<LiveDescription>] = [
        .optional(
            key: "store.folder", option: "--store", \.store.folder, .text,
            "Keep events and objects in a database in this folder, for the review page and `thunderline events`."
        ),
        .one(
            key: "store.keep-for", option: nil, \.store.keepFor, .secondsByClass,
            "Remove objects from the database after this time, by class too: 30d,person:90d; never by default."
        ),
        .optional(
            key: "store.keep-size", option: nil, \.store.keepSize, .bytes,
            "Remove the oldest objects above this size of the database, such as 2G."),
    ]
}
