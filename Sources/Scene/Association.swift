/// Who got whom in one frame, with the working storage to find out.
struct Matcher: Sendable {
    private var detectionOfTrack: [Int] = []
    private var taken: [Bool] = []
    fileprivate var rows: [Int] = []
    fileprivate var columns: [Int] = []
    fileprivate var assignment = Assignment()

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

    /// Notes the pairs that the assignment found.
    fileprivate mutating func settle() {
        for row in rows.indices {
            guard let column = assignment.column(ofRow: row) else { continue }
            detectionOfTrack[rows[row]] = columns[column]
            taken[columns[column]] = true
        }
    }
}

/// One pass of the association.
private struct Pass {
    enum Tracks {
        case confirmed, justSeen, tentative
    }

    var tracks: Tracks
    /// True for detections of high score, false for the rest.
    var isHigh: Bool
    /// True to compare with where the track was last seen instead of where it should be now.
    var usesLastBox = false
    var leastOverlap: Double
}

extension Tracker {
    /// Finds a detection for as many tracks as possible, the surest kind of pair first.
    mutating func associate() {
        matcher.begin(tracks: tracks.count, detections: pool.count)
        let high = options.highOverlap
        run(Pass(tracks: .confirmed, isHigh: true, leastOverlap: high))
        run(Pass(tracks: .justSeen, isHigh: false, leastOverlap: options.lowOverlap))
        run(Pass(tracks: .confirmed, isHigh: true, usesLastBox: true, leastOverlap: high))
        run(Pass(tracks: .tentative, isHigh: true, leastOverlap: high))
    }

    private mutating func run(_ pass: Pass) {
        matcher.rows.removeAll(keepingCapacity: true)
        matcher.columns.removeAll(keepingCapacity: true)
        for index in tracks.indices
        where matcher.detection(ofTrack: index) == nil && takesPart(tracks[index], in: pass.tracks)
        {
            matcher.rows.append(index)
        }
        for place in 0..<pool.count
        where !matcher.isTaken(place) && (pool[place].score >= options.highScore) == pass.isHigh {
            matcher.columns.append(place)
        }
        guard !matcher.rows.isEmpty, !matcher.columns.isEmpty else { return }
        matcher.assignment.reset(rows: matcher.rows.count, columns: matcher.columns.count)
        for row in matcher.rows.indices { price(row: row, pass: pass) }
        matcher.assignment.solve(limit: 1)
        matcher.settle()
    }

    private func takesPart(_ track: Track, in kind: Pass.Tracks) -> Bool {
        switch kind {
        case .confirmed: track.isConfirmed
        case .justSeen: track.isConfirmed && !track.isMissed
        case .tentative: !track.isConfirmed
        }
    }

    /// Fills in the costs of one track: 1 − overlap, with its corrections.
    private mutating func price(row: Int, pass: Pass) {
        let track = tracks[matcher.rows[row]]
        let group = pool.group(of: track.classIndex)
        let widening = pass.usesLastBox ? 0 : min(track.filter.spread, options.greatestWidening)
        let expected = (pass.usesLastBox ? track.lastBox : track.filter.box).widened(by: widening)
        for column in matcher.columns.indices {
            let detection = pool[matcher.columns[column]]
            guard pool.group(of: detection.classIndex) == group else { continue }
            let overlap = Double(expected.overlap(detection.box.widened(by: widening)))
            guard overlap >= pass.leastOverlap else { continue }
            matcher.assignment[row, column] =
                cost(of: detection, for: track, overlap: overlap, widening: widening)
        }
    }

    /// Wide comparison makes everything look near, so the surer of two tracks must win at equal overlap.
    private func cost(
        of detection: Detection, for track: Track, overlap: Double, widening: Double
    ) -> Double {
        var likeness = overlap * (1 - widening)
        if detection.classIndex != track.classIndex { likeness -= options.classPenalty }
        likeness +=
            options.directionWeight * Double(detection.score)
            * track.agreement(with: detection.box, age: options.directionTime)
        return 1 - max(likeness, 0.01)
    }
}

extension Box {
    /// The box with `share` of its width and height added on each side.
    func widened(by share: Double) -> Box {
        let share = Float(share)
        return Box(
            x: x - share * width, y: y - share * height, width: width * (1 + 2 * share),
            height: height * (1 + 2 * share))
    }
}
