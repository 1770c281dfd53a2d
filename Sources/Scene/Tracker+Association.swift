/// One pass of the association.
private struct Pass {
    enum Tracks {
        case confirmed, justSeen, tentative
    }

    var tracks: Tracks
    /// True for detections of high score, false for all others.
    var isHigh: Bool
    /// True to compare with the last observed box instead of the predicted one.
    var usesLastBox = false
    var minimumOverlap: Double
}

extension Tracker {
    /// Matches tracks with detections in four passes, the most reliable kind of pair first.
    mutating func associate() {
        matcher.begin(tracks: tracks.count, detections: pool.count)
        let high = options.highOverlap
        run(Pass(tracks: .confirmed, isHigh: true, minimumOverlap: high))
        run(Pass(tracks: .justSeen, isHigh: false, minimumOverlap: options.lowOverlap))
        run(Pass(tracks: .confirmed, isHigh: true, usesLastBox: true, minimumOverlap: high))
        run(Pass(tracks: .tentative, isHigh: true, minimumOverlap: high))
    }

    private mutating func run(_ pass: Pass) {
        matcher.rows.removeAll(keepingCapacity: true)
        matcher.columns.removeAll(keepingCapacity: true)
        for index in tracks.indices
        where matcher.detection(ofTrack: index) == nil && takesPart(tracks[index], in: pass.tracks)
        {
            matcher.rows.append(index)
        }
        for index in 0..<pool.count
        where !matcher.isTaken(index) && (pool[index].score >= options.highScore) == pass.isHigh {
            matcher.columns.append(index)
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

    /// Fills in the costs of one track: 1 − overlap, corrected for class, direction and uncertainty.
    private mutating func price(row: Int, pass: Pass) {
        let track = tracks[matcher.rows[row]]
        let group = pool.group(of: track.classIndex)
        let widening = pass.usesLastBox ? 0 : min(track.filter.spread, options.maximumWidening)
        let expected = (pass.usesLastBox ? track.lastBox : track.filter.box).widened(by: widening)
        for column in matcher.columns.indices {
            let detection = pool[matcher.columns[column]]
            guard pool.group(of: detection.classIndex) == group else { continue }
            let overlap = Double(expected.overlap(detection.box.widened(by: widening)))
            guard overlap >= pass.minimumOverlap else { continue }
            matcher.assignment[row, column] =
                cost(of: detection, for: track, overlap: overlap, widening: widening)
        }
    }

    /// Cost of a pair, 0 to 1: widened boxes are penalised so that the more certain track wins at equal overlap.
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
    /// The box grown by `share` of its width and height on each side.
    func widened(by share: Double) -> Box {
        let share = Float(share)
        return Box(
            x: x - share * width, y: y - share * height, width: width * (1 + 2 * share),
            height: height * (1 + 2 * share))
    }
}
