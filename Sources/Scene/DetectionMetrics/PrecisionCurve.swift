/// Precision-recall curve, built from detections in order of descending score.
struct PrecisionCurve {
    private let truthCount: Int
    private var hits = 0
    private var count = 0
    private var recalls: [Double] = []
    private var precisions: [Double] = []

    /// - Parameter truthCount: Number of ground-truth objects, positive.
    init(truthCount: Int) {
        self.truthCount = truthCount
    }

    mutating func append(isHit: Bool) {
        hits += isHit ? 1 : 0
        count += 1
        appendIgnored()
    }

    /// Appends a detection that counts neither as hit nor as false positive.
    mutating func appendIgnored() {
        recalls.append(Double(hits) / Double(truthCount))
        precisions.append(count == 0 ? 0 : Double(hits) / Double(count))
    }

    var maximumRecall: Double { recalls.last ?? 0 }

    /// Maximum precision at or beyond each of 101 recalls 0, 0.01, … 1 (COCO).
    var points101: [Double] {
        let envelope = envelope()
        var index = 0
        return (0...100).map { step in
            let recall = Double(step) * 0.01
            while index < recalls.count, recalls[index] < recall { index += 1 }
            return index < recalls.count ? envelope[index] : 0
        }
    }

    /// Mean of the maximum precision at or beyond recalls 0, 0.1, … 1 (VOC until 2009).
    var precision11: Double {
        var sum = 0.0
        for step in 0...10 {
            let recall = Double(step) / 10
            let reached = recalls.indices.filter { recalls[$0] >= recall - 1e-12 }
            sum += reached.map { precisions[$0] }.max() ?? 0
        }
        return sum / 11
    }

    /// Area under the curve of maximum precision at or beyond each recall (VOC since 2010).
    var area: Double {
        let envelope = envelope()
        var sum = 0.0
        var before = 0.0
        for (recall, precision) in zip(recalls, envelope) {
            sum += (recall - before) * precision
            before = recall
        }
        return sum
    }

    private func envelope() -> [Double] {
        var envelope = precisions
        for index in stride(from: envelope.count - 1, to: 0, by: -1) {
            envelope[index - 1] = max(envelope[index - 1], envelope[index])
        }
        return envelope
    }
}
