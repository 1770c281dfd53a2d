import Foundation
import Scene
import TestSupport
import Testing
import Video

@testable import count_objects
@testable import draw_tracks

/// Accuracy of the shipped model and the tracker on the samples, against the exact ground truth.
@Suite(.timeLimit(.minutes(5)))
struct SampleAccuracyTests {
    /// Minimum accuracy on a clip; measured values are well above.
    struct Goal: Sendable {
        var name: String
        var found: Double
        var mota: Double
        var idf1: Double
        var hota: Double
    }

    fileprivate struct Tally {
        /// Fraction of vehicles that were detected, frame by frame.
        var shares: [Double] = []
        var frames: [TrackingFrame] = []
    }

    @Test(arguments: [
        Goal(name: "road-day", found: 0.85, mota: 0.6, idf1: 0.75, hota: 0.62),
        Goal(name: "road-dusk", found: 0.85, mota: 0.7, idf1: 0.8, hota: 0.65),
    ])
    func vehiclesAreDetectedAndKeepTheirIdentities(goal: Goal) throws {
        let tally = try measure(goal.name)
        let found = tally.shares.reduce(0, +) / Double(tally.shares.count)
        let metrics = TrackingMetrics(frames: tally.frames)
        print(
            "\(goal.name): found \(found), MOTA \(metrics.mota), IDF1 \(metrics.idf1), HOTA \(metrics.hota),",
            "switches \(metrics.clear.identitySwitches)")
        #expect(found >= goal.found)
        #expect(metrics.mota >= goal.mota)
        #expect(metrics.idf1 >= goal.idf1)
        #expect(metrics.hota >= goal.hota)
    }

    fileprivate func measure(_ name: String) throws -> Tally {
        let folder = Shared.root.appendingPathComponent("Samples")
        let tracks = try TracksFile(
            contentsOf: folder.appendingPathComponent("\(name).mot.txt").path)
        let truths = Dictionary(grouping: tracks.lines, by: \.frame)
        var counter = try Counter()
        var reader = try VideoReader(folder.appendingPathComponent("\(name).mp4").path)
        var tally = Tally()
        while let item = try reader.next() {
            guard case .frame(let frame) = consume item else { continue }
            counter.detect(in: frame)
            let truth = truths[frame.index + 1] ?? []
            tally.take(truth, counter.objects.filter { $0.classIndex != 0 })
        }
        return tally
    }
}

extension SampleAccuracyTests.Tally {
    /// Compares one frame.
    ///
    /// Small and occluded ground truth is ignored, and so are its detections.
    fileprivate mutating func take(_ truth: [TracksFile.Line], _ seen: [TrackedObject]) {
        let vehicles = truth.filter { $0.object.classIndex != 0 }
        let counted = vehicles.filter { $0.visibility >= 0.8 && $0.object.box.height > 32 }
        if !counted.isEmpty {
            let found = counted.count { line in
                seen.contains { $0.box.overlap(line.object.box) >= 0.5 }
            }
            shares.append(Double(found) / Double(counted.count))
        }
        let followed = vehicles.filter { $0.visibility >= 0.5 && $0.object.box.height > 32 }
        let rest = vehicles.filter { line in !followed.contains { $0.object.id == line.object.id } }
        let scored = seen.filter { object in
            let best = followed.map { $0.object.box.overlap(object.box) }.max() ?? 0
            let other =
                rest.map { $0.object.box.intersection(object.box).area / object.box.area }.max()
                ?? 0
            return best >= 0.5 || (other < 0.3 && object.box.height > 32)
        }
        frames.append(
            TrackingFrame(
                truths: followed.map { IdentifiedBox(id: $0.object.id, box: $0.object.box) },
                results: scored.map { IdentifiedBox(id: $0.id, box: $0.box) }))
    }
}
