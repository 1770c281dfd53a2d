private import Glibc

/// Where and when a track was last seen, or seen before.
struct Observation: Sendable {
    var x: Float
    var y: Float
    var seconds: Double
}

/// One object that the tracker follows, confirmed or not.
struct Track: Sendable {
    /// 0 until confirmed.
    var id = 0
    private(set) var filter: KalmanFilter
    /// The filter as it stood right after the last detection, to start again from after an occlusion.
    private var filterWhenSeen: KalmanFilter
    private(set) var evidence: ClassEvidence
    private(set) var lastBox: Box
    private(set) var lastSeen: Double
    private(set) var firstSeen: Double
    private(set) var score: Float
    private(set) var scoreSum: Float
    /// True when the last frame with detections had none for this track.
    var isMissed = false

    /// Earlier places, spaced so that the ring reaches back over the direction time.
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
        history = InlineArray(repeating: Observation(detection.box, at: seconds))
    }

    var isConfirmed: Bool { id != 0 }
    var classIndex: Int { evidence.classIndex }

    mutating func predict(seconds: Double, model: MotionModel) {
        filter.predict(seconds: seconds, model: model)
    }

    /// Takes in a detection, `seconds` being its time.
    mutating func observe(_ detection: Detection, at seconds: Double, options: TrackerOptions) {
        if isMissed {
            replay(to: detection, at: seconds, model: options.motion)
        } else {
            filter.update(detection.box, score: detection.score, model: options.motion)
        }
        evidence.add(
            classIndex: detection.classIndex, score: detection.score, after: seconds - lastSeen,
            options: options)
        remember(Observation(detection.box, at: seconds), spacing: options.directionTime / 4)
        filterWhenSeen = filter
        lastBox = detection.box
        lastSeen = seconds
        score = detection.score
        scoreSum = min(scoreSum + detection.score, 100)
        isMissed = false
    }

    /// Re-update of OC-SORT: forgets what was guessed while the object was hidden, and leads the filter along
    /// the straight way from where the object vanished to where it came back.
    private mutating func replay(to detection: Detection, at seconds: Double, model: MotionModel) {
        let span = max(seconds - lastSeen, 0)
        let steps = Int(min(max((span / 0.1).rounded(.up), 1), 16))
        let start = Shape(lastBox)
        let end = Shape(detection.box)
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

    /// The newest observation at least `age` seconds before `seconds`, else the oldest one kept.
    private func observation(before seconds: Double, age: Double) -> Observation {
        for index in stride(from: historyCount - 1, through: 0, by: -1)
        where seconds - history[index].seconds >= age {
            return history[index]
        }
        return history[0]
    }

    /// How well going on to `box` agrees with the direction in which the track moved: −0.5 to 0.5.
    ///
    /// Observation-centric momentum of OC-SORT, made smooth at rest: ways that are short against the box have
    /// no direction to speak of and count less.
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

    /// The object as it is given out, valid for a confirmed track.
    ///
    /// - Parameters:
    ///   - seconds: Now.
    ///   - isSeen: True when a detection of this very frame supports it.
    ///   - picture: The picture, to which boxes are clipped.
    ///   - halfLife: Seconds in which a guess's score halves.
    /// - Returns: Identity, class, score and box; the score of a guess fades.
    func object(at seconds: Double, isSeen: Bool, picture: Box, halfLife: Double) -> TrackedObject {
        let faded = isSeen ? score : score * Float(exp2(-max(seconds - lastSeen, 0) / halfLife))
        return TrackedObject(
            id: id, classIndex: classIndex, score: faded, box: filter.box.intersection(picture),
            isPredicted: !isSeen)
    }
}

extension Observation {
    init(_ box: Box, at seconds: Double) {
        self.init(x: box.centerX, y: box.centerY, seconds: seconds)
    }
}
