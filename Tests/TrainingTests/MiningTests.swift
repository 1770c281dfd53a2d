import Scene
import Testing

@testable import Training

struct MiningTests {
    private func losses(_ count: Int, _ round: Int) -> (losses: [BoxLoss], boxes: [Box]) {
        var random = RandomStream(seed: 8, epoch: 0, item: round, purpose: .mining)
        let losses = (0..<count).map { _ in
            BoxLoss(
                classification: random.unit() * 3,
                localization: random.happens(0.5) ? 0 : random.unit() * 3)
        }
        let boxes = (0..<count).map { _ in
            Box(x: random.unit() * 60, y: random.unit() * 60, width: 20, height: 20)
        }
        return (losses, boxes)
    }

    private var random: RandomStream {
        RandomStream(seed: 1, epoch: 0, item: 0, purpose: .mining)
    }

    private var miners: [any HardExampleMiner] {
        [
            RandomMiner(count: 16), OnlineMiner(count: 16), OnlineMiner(count: 16, overlap: 0.7),
            StratifiedMiner(count: 16), StratifiedMiner(count: 16, overlap: 0.7),
            RankMiner(count: 16),
        ]
    }

    @Test func selectionsAreDistinctBoundedAndRepeatable() {
        for round in 0..<20 {
            for count in [0, 1, 7, 100] {
                let (losses, boxes) = losses(count, round)
                for miner in miners {
                    var (first, second) = (random, random)
                    let chosen = miner.choose(losses, boxes, progress: 0.3, random: &first)
                    #expect(chosen == chosen.sorted() && Set(chosen).count == chosen.count)
                    #expect(chosen.count <= min(16, count))
                    #expect(chosen.allSatisfy { losses.indices ~= $0 })
                    #expect(
                        chosen == miner.choose(losses, boxes, progress: 0.3, random: &second))
                }
            }
        }
    }

    @Test func nonFiniteLossesAreNeverSelected() {
        var (losses, boxes) = losses(12, 1)
        losses[3].classification = .nan
        losses[5].localization = .infinity
        boxes[7].x = .nan
        for miner in miners {
            var random = random
            let chosen = miner.choose(losses, boxes, progress: 0.5, random: &random)
            #expect(!chosen.contains(3) && !chosen.contains(5))
        }
    }

    @Test func onlineMiningSelectsTheHighestLosses() {
        let (losses, boxes) = losses(50, 2)
        var random = random
        let chosen = OnlineMiner(count: 10).choose(losses, boxes, progress: 0, random: &random)
        let least = chosen.map { losses[$0].total }.min() ?? 0
        let rest = losses.indices.filter { !chosen.contains($0) }
        #expect(rest.allSatisfy { losses[$0].total <= least })
    }

    @Test func rankMiningSuppressesOverlappingLowerLosses() {
        let (losses, boxes) = losses(80, 3)
        var random = random
        let chosen = RankMiner(count: 40, overlap: 0.3)
            .choose(losses, boxes, progress: 0, random: &random)
        for one in chosen {
            for other in chosen where other > one {
                #expect(boxes[one].overlap(boxes[other]) <= 0.3)
            }
        }
        // Every suppressed box overlaps a selected one of higher loss.
        for index in losses.indices where !chosen.contains(index) && chosen.count < 40 {
            #expect(
                chosen.contains {
                    losses[$0].total >= losses[index].total
                        && boxes[$0].overlap(boxes[index]) > 0.3
                })
        }
    }

    @Test func strataAreDefinedByTheLossRatio() {
        let miner = StratifiedMiner(count: 10)
        func stratum(_ a: Float, _ b: Float) -> Int {
            miner.stratum(of: BoxLoss(classification: a, localization: b))
        }
        #expect(stratum(3, 1) == 0 && stratum(1.5, 1) == 1)
        #expect(stratum(1, 1.5) == 2 && stratum(1, 3) == 3)
        #expect(stratum(0.1, 0) == 0 && stratum(0, 0) == 0 && stratum(0, 0.1) == 3)
    }

    @Test func quotasShiftFromClassificationToLocalization() {
        let miner = StratifiedMiner(count: 100)
        #expect(miner.quotas(progress: 0) == [40, 30, 20, 10])
        #expect(miner.quotas(progress: 0.5) == [25, 25, 25, 25])
        #expect(miner.quotas(progress: 1) == [10, 20, 30, 40])
        #expect(miner.quotas(progress: 9) == [10, 20, 30, 40])
        for count in 0..<40 {
            for step in 0...10 {
                let quotas = StratifiedMiner(count: count).quotas(progress: Double(step) / 10)
                #expect(quotas.reduce(0, +) == count && quotas.allSatisfy { $0 >= 0 })
            }
        }
    }

    @Test func eachStratumGivesItsHighestLossesAndUnfilledQuotasAreRedistributed() {
        let miner = StratifiedMiner(count: 12)
        for round in 0..<20 {
            let (losses, boxes) = losses(60, round)
            var random = random
            let chosen = Set(miner.choose(losses, boxes, progress: 0.4, random: &random))
            #expect(chosen.count == 12)
            for (stratum, quota) in miner.quotas(progress: 0.4).enumerated() {
                let members = losses.indices.filter { miner.stratum(of: losses[$0]) == stratum }
                    .sorted { (losses[$1].total, $0) < (losses[$0].total, $1) }
                #expect(members.prefix(quota).allSatisfy { chosen.contains($0) })
            }
        }
    }

    /// A head that refines boxes twice has losses, too: during training, boxes that are badly localized after the
    /// second refinement gain quota from boxes of uncertain class, though no total loss changes.
    @Test func lossesOfASecondRefinementAreMined() {
        let object = Box(x: 100, y: 100, width: 60, height: 40)
        var losses: [BoxLoss] = []
        var boxes: [Box] = []
        for index in 0..<64 {
            let shift = Float(index % 8) * 2
            let region = Box(x: 100 + shift, y: 100, width: 60, height: 40)
            // Each refinement halves the error; the loss is that of the box after the second one.
            let once = Box(x: 100 + shift / 2, y: 100, width: 60, height: 40)
            let twice = Box(x: 100 + shift / 4, y: 100, width: 60, height: 40)
            #expect(once.overlap(object) >= region.overlap(object))
            losses.append(
                BoxLoss(
                    classification: Float(index / 8) * 0.05,
                    localization: 1 - twice.overlap(object)))
            boxes.append(twice)
        }
        func share(_ progress: Double) -> Int {
            var random = random
            let miner = StratifiedMiner(count: 20)
            let chosen = miner.choose(losses, boxes, progress: progress, random: &random)
            #expect(chosen.count == 20)
            return chosen.count { losses[$0].localization > losses[$0].classification }
        }
        #expect(share(0) < share(1))
        #expect(share(0) <= share(0.5) && share(0.5) <= share(1))
    }
}
