/// Precision over recall as detections are taken in, best score first.
struct PrecisionCurve {
    private let wanted: Int
    private var hits = 0
    private var count = 0
    private var recalls: [Double] = []
    private var precisions: [Double] = []

    /// - Parameter wanted: Number of objects to be found, positive.
    init(wanted: Int) {
        self.wanted = wanted
    }

    mutating func append(isHit: Bool) {
        hits += isHit ? 1 : 0
        count += 1
        repeatLast()
    }

    /// Takes in a detection that counts neither way.
    mutating func repeatLast() {
        recalls.append(Double(hits) / Double(wanted))
        precisions.append(count == 0 ? 0 : Double(hits) / Double(count))
    }

    var greatestRecall: Double { recalls.last ?? 0 }

    /// Mean of the best precision at or beyond each of 101 recalls (COCO).
    var precision101: Double {
        let envelope = envelope()
        var place = 0
        var sum = 0.0
        for step in 0...100 {
            let recall = Double(step) * 0.01
            while place < recalls.count, recalls[place] < recall { place += 1 }
            guard place < recalls.count else { break }
            sum += envelope[place]
        }
        return sum / 101
    }

    /// Mean of the best precision at or beyond recalls 0, 0.1, … 1 (VOC until 2009).
    var precision11: Double {
        var sum = 0.0
        for step in 0...10 {
            let recall = Double(step) / 10
            let reached = recalls.indices.filter { recalls[$0] >= recall - 1e-12 }
            sum += reached.map { precisions[$0] }.max() ?? 0
        }
        return sum / 11
    }

    /// Area under the curve of best precision at or beyond each recall (VOC since 2010).
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
        for place in stride(from: envelope.count - 1, to: 0, by: -1) {
            envelope[place - 1] = max(envelope[place - 1], envelope[place])
        }
        return envelope
    }
}
