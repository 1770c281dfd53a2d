private import Glibc

/// Centre of a detection and its time in seconds.
struct Observation: Sendable {
    var x: Float
    var y: Float
    var seconds: Double
}

/// State of one track, confirmed or tentative.
struct Track: Sendable {
    /// Identity; 0 until confirmed.
    var id = 0
    private(set) var filter: KalmanFilter
    /// Filter state after the last detection, from which re-update starts after an occlusion.
    private var filterWhenSeen: KalmanFilter
    private(set) var evidence: ClassEvidence
    private(set) var lastBox: Box
    private(set) var lastSeen: Double
    private(set) var firstSeen: Double
    private(set) var score: Float
    private(set) var scoreSum: Float
    /// Exponential moving average of the scores, 0 to 1.
    private(set) var meanScore: Float
    /// True when the last frame with detections had no match for this track.
    var isMissed = false

    /// Past observations, spaced so that they span the direction time.
    private var history: InlineArray<8, Observation>
    private var historyCount = 1

    init(_ detection: Detection, at seconds: Double, model: MotionModel) {
        filter = KalmanFilter(box: detection.box, score: detection.score, model: model)
        filterWhenSeen = filter
        evidence = ClassEvidence(classIndex: detection.classIndex, score: detection.score)
        lastBox = detection.box
        lastSeen = seconds
        firstSeen = seconds
        score = detection.score
        scoreSum = detection.score
        meanScore = detection.score
        history = InlineArray(repeating: Observation(detection.box, at: seconds))
    }

    var isConfirmed: Bool { id != 0 }
    var classIndex: Int { evidence.classIndex }

    mutating func predict(seconds: Double, model: MotionModel) {
        filter.predict(seconds: seconds, model: model)
    }

    /// Updates the track with its detection at the time `seconds`.
    mutating func observe(_ detection: Detection, at seconds: Double, options: TrackerOptions) {
        if isMissed {
            reupdate(to: detection, at: seconds, model: options.motion)
        } else {
            filter.update(detection.box, score: detection.score, model: options.motion)
        }
        evidence.add(
            classIndex: detection.classIndex, score: detection.score, after: seconds - lastSeen,
            options: options)
        let share = 1 - exp2(-max(seconds - lastSeen, 0) / options.meanScoreHalfLife)
        meanScore += (detection.score - meanScore) * Float(share)
        remember(Observation(detection.box, at: seconds), spacing: options.directionTime / 4)
        filterWhenSeen = filter
        lastBox = detection.box
        lastSeen = seconds
        score = detection.score
        scoreSum = min(scoreSum + detection.score, 100)
        isMissed = false
    }

    /// Re-update of OC-SORT: discards the predictions made during the occlusion and updates the filter along
    /// the straight line from the last observation to the new one.
    private mutating func reupdate(to detection: Detection, at seconds: Double, model: MotionModel)
    {
        let span = max(seconds - lastSeen, 0)
        let steps = Int(min(max((span / 0.1).rounded(.up), 1), 16))
        let start = BoxState(lastBox)
        let end = BoxState(detection.box)
        filter = filterWhenSeen
        for step in 1...steps {
            filter.predict(seconds: span / Double(steps), model: model)
            let between = start.mixed(with: end, share: Double(step) / Double(steps))
            filter.update(between.box, score: detection.score, model: model)
        }
    }

    private mutating func remember(_ observation: Observation, spacing: Double) {
        let newest = history[historyCount - 1]
        if historyCount > 1, newest.seconds - history[historyCount - 2].seconds < spacing {
            history[historyCount - 1] = observation
            return
        }
        if historyCount == history.count {
            for index in 1..<historyCount { history[index - 1] = history[index] }
            historyCount -= 1
        }
        history[historyCount] = observation
        historyCount += 1
    }

    /// Newest observation at least `age` seconds before `seconds`; otherwise the oldest one.
    private func observation(before seconds: Double, age: Double) -> Observation {
        for index in stride(from: historyCount - 1, through: 0, by: -1)
        where seconds - history[index].seconds >= age {
            return history[index]
        }
        return history[0]
    }

    /// Agreement of the motion towards `box` with the track's past direction, −0.5 to 0.5.
    ///
    /// Observation-centric momentum of OC-SORT, faded in smoothly: displacements that are short relative to the
    /// box have no reliable direction and count less.
    func agreement(with box: Box, age: Double) -> Double {
        let from = observation(before: lastSeen, age: age)
        let last = history[historyCount - 1]
        let pastX = Double(last.x - from.x)
        let pastY = Double(last.y - from.y)
        let nextX = Double(box.centerX - last.x)
        let nextY = Double(box.centerY - last.y)
        let past = (pastX * pastX + pastY * pastY).squareRoot()
        let next = (nextX * nextX + nextY * nextY).squareRoot()
        guard past > 0, next > 0 else { return 0 }
        let cosine = (pastX * nextX + pastY * nextY) / (past * next)
        let angle = acos(min(max(cosine, -1), 1))
        let size = Double(lastBox.area).squareRoot() + 1e-6
        let clarity = min(past / (0.3 * size), 1) * min(next / (0.3 * size), 1)
        return (0.5 - angle / .pi) * clarity
    }

    /// Published object of a confirmed track.
    ///
    /// - Parameters:
    ///   - seconds: Current time.
    ///   - isSeen: True when the track has a detection in this frame.
    ///   - frame: Bounds of the frame, to which the box is clipped.
    ///   - halfLife: Seconds in which the score of a predicted object halves.
    /// - Returns: Identity, class, score and box.
    func object(at seconds: Double, isSeen: Bool, frame: Box, halfLife: Double) -> TrackedObject {
        let score = isSeen ? score : score * decay(at: seconds, halfLife: halfLife)
        return TrackedObject(
            id: id, classIndex: classIndex, score: score, box: filter.box.intersection(frame),
            isPredicted: !isSeen, fullBox: filter.box)
    }

    /// True when the mean score, decaying while the track is missed, is high enough to publish the object.
    func isShown(at seconds: Double, options: TrackerOptions) -> Bool {
        let decay = isMissed ? decay(at: seconds, halfLife: options.scoreHalfLife) : 1
        return meanScore * decay >= options.shownScore
    }

    private func decay(at seconds: Double, halfLife: Double) -> Float {
        Float(exp2(-max(seconds - lastSeen, 0) / halfLife))
    }
}

extension Observation {
    init(_ box: Box, at seconds: Double) {
        self.init(x: box.centerX, y: box.centerY, seconds: seconds)
    }
}
