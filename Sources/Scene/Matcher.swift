/// Matches of tracks and detections in one frame, with reused working storage.
struct Matcher: Sendable {
    private var detectionOfTrack: [Int] = []
    private var taken: [Bool] = []
    /// Tracks of the present pass, by row.
    var rows: [Int] = []
    /// Detections of the present pass, by column.
    var columns: [Int] = []
    /// Costs of the present pass, and its solution.
    var assignment = Assignment()

    init(trackLimit: Int, detectionLimit: Int) {
        detectionOfTrack.reserveCapacity(trackLimit)
        taken.reserveCapacity(detectionLimit)
        rows.reserveCapacity(trackLimit)
        columns.reserveCapacity(detectionLimit)
        assignment.reserveCapacity(rows: trackLimit, columns: detectionLimit)
    }

    mutating func begin(tracks: Int, detections: Int) {
        detectionOfTrack.fill(tracks, with: -1)
        taken.fill(detections, with: false)
    }

    func detection(ofTrack track: Int) -> Int? {
        detectionOfTrack[track] < 0 ? nil : detectionOfTrack[track]
    }

    func isTaken(_ detection: Int) -> Bool { taken[detection] }

    /// Records the pairs that the assignment found.
    mutating func settle() {
        for row in rows.indices {
            guard let column = assignment.column(ofRow: row) else { continue }
            detectionOfTrack[rows[row]] = columns[column]
            taken[columns[column]] = true
        }
    }
}
