internal import Configuration

/// Paths of one source's counts, crossings, events and heat maps.
struct CountPaths: Sendable {
    var counts: String?
    var crossings: String?
    var events: String?
    var heatMaps: [String] = []

    /// No paths.
    init() {}

    /// The paths of a description, each with `{name}` replaced.
    init(_ description: DetectDescription, replacing: (String) -> String) {
        counts = description.counts.file.map(replacing)
        crossings = description.counts.crossings.map(replacing)
        events = description.events.file.map(replacing)
        heatMaps = description.counts.heatMaps.map(replacing)
    }

    /// Files of text that grow while the source is processed.
    var texts: [String] { [counts, crossings, events].compactMap { $0 } }

    /// Every path.
    var all: [String] { texts + heatMaps }

    /// Opens the files of text that are not open yet.
    func open(in writers: ResultsWriters) throws(RunError) {
        if let counts {
            try writers.open(counts, noun: "counts", header: CountsText.countsHeader)
        }
        if let crossings {
            try writers.open(crossings, noun: "crossings", header: CountsText.crossingsHeader)
        }
        if let events { try writers.open(events, noun: "events", header: "") }
    }
}
