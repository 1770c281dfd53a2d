import Configuration
import Datasets
import Scene
import Testing
import ThunderNet

@testable import Training

/// Every rule compared with a direct implementation over all anchors.
struct TargetsTests {
    private let grid: AnchorGrid = {
        var design = AnchorDesign()
        design.scales = [16, 32, 64]
        return AnchorGrid(design, PictureExtent(width: 160, height: 96))
    }()

    private func objects(_ round: Int) -> [Annotation] {
        var random = RandomStream(seed: 4, epoch: 0, item: round, purpose: .geometry)
        return (0..<1 + random.index(below: 6)).map { number in
            let width = random.number(in: 3...80)
            let height = random.number(in: 3...60)
            return Annotation(
                classIndex: number % 3,
                box: Box(
                    x: random.unit() * (160 - width), y: random.unit() * (96 - height),
                    width: width, height: height), isIgnored: random.happens(0.2))
        }
    }

    @Test func gridFindsAllIntersectingAnchors() {
        for round in 0..<40 {
            for object in objects(round) {
                var found: [Int: Float] = [:]
                grid.forEachOverlap(object.box) { found[$0] = $1 }
                for (anchor, box) in grid.boxes.enumerated() {
                    #expect(box.overlap(object.box) == found[anchor] ?? 0)
                }
                let best = grid.boxes.map { $0.overlap(object.box) }.max() ?? 0
                #expect(abs(grid.greatestOverlap(with: object.box) - best) < 1e-5)
            }
        }
    }

    /// Assigns like the reference trainer.
    @Test func overlapAssignerAppliesItsThresholds() {
        for round in 0..<40 {
            let objects = objects(round)
            let real = objects.indices.filter { !objects[$0].isIgnored }
            let found = OverlapAssigner().assign(objects, to: grid, nil)
            var best = [Float](repeating: 0, count: objects.count)
            for index in real {
                best[index] = grid.boxes.map { $0.overlap(objects[index].box) }.max() ?? 0
            }
            for (anchor, box) in grid.boxes.enumerated() {
                let overlaps = objects.map { box.overlap($0.box) }
                let owner = real.max { (overlaps[$0], $1) < (overlaps[$1], $0) }
                let most = owner.map { overlaps[$0] } ?? 0
                let isBest = real.contains { overlaps[$0] == best[$0] && best[$0] > 0 }
                var wanted = AnchorAssignment.background
                if most >= 0.3 { wanted = AnchorAssignment.ignored }
                if let owner, most >= 0.7 || (isBest && most > 0.2) { wanted = Int32(owner) }
                let isHidden = objects.contains {
                    $0.isIgnored && box.share(coveredBy: $0.box) > 0.5
                }
                if wanted == AnchorAssignment.background && isHidden {
                    wanted = AnchorAssignment.ignored
                }
                #expect(found.matches[anchor] == wanted, "round \(round), anchor \(anchor)")
                #expect(abs(found.overlaps[anchor] - most) < 1e-6)
            }
        }
    }

    @Test(arguments: [true, false])
    func everyObjectGetsAnAnchor(adaptive: Bool) {
        let predictions = AnchorPredictions(
            boxes: grid.boxes, logits: [Float](repeating: -2, count: grid.count))
        for round in 0..<60 {
            // Objects that share their best anchor may leave one of them without any.
            let object = objects(round).filter { !$0.isIgnored }.prefix(1)
            guard let first = object.first else { continue }
            let found =
                adaptive
                ? AdaptiveAssigner().assign([first], to: grid, nil)
                : TransportAssigner().assign([first], to: grid, predictions)
            #expect(!found.positives.isEmpty)
            for anchor in found.positives {
                #expect(found.matches[anchor] == 0)
                #expect(abs(found.overlaps[anchor] - grid.boxes[anchor].overlap(first.box)) < 1e-6)
            }
        }
    }

    @Test func adaptiveAssignerTakesCandidatesAboveItsThreshold() {
        let object = Annotation(classIndex: 0, box: Box(x: 50, y: 30, width: 34, height: 30))
        let found = AdaptiveAssigner().assign([object], to: grid, nil)
        let best = grid.boxes.map { $0.overlap(object.box) }.max() ?? 0
        #expect(found.positives.contains { grid.boxes[$0].overlap(object.box) == best })
        for anchor in found.positives {
            #expect(object.box.contains(centerOf: grid.boxes[anchor]))
            #expect(found.overlaps[anchor] > 0.3)
        }
        #expect(found.negatives.count + found.positives.count == grid.count)
    }

    /// The number of anchors is the sum of the ten highest IoUs, and the anchors of lowest cost are taken.
    @Test func transportAssignerTakesAsManyAnchorsAsTheSumOfIoUs() {
        let object = Annotation(classIndex: 0, box: Box(x: 40, y: 24, width: 48, height: 40))
        var boxes = grid.boxes
        let good = [500, 505, 510, 515].filter { object.box.contains(centerOf: grid.boxes[$0]) }
        for anchor in grid.boxes.indices { boxes[anchor] = Box(x: 0, y: 0, width: 1, height: 1) }
        let inside = grid.boxes.indices.filter { object.box.contains(centerOf: grid.boxes[$0]) }
        let chosen = Array(inside.prefix(4))
        for anchor in chosen { boxes[anchor] = object.box }
        let predictions = AnchorPredictions(
            boxes: boxes, logits: [Float](repeating: 0, count: grid.count))
        let found = TransportAssigner().assign([object], to: grid, predictions)
        #expect(found.positives == chosen)
        #expect(good.count <= 4)
    }

    @Test func contestedAnchorGoesToTheObjectOfLowestCost() {
        let near = Annotation(classIndex: 0, box: Box(x: 40, y: 24, width: 48, height: 40))
        let far = Annotation(classIndex: 1, box: Box(x: 44, y: 26, width: 48, height: 40))
        let predictions = AnchorPredictions(
            boxes: grid.boxes.map { _ in near.box },
            logits: [Float](repeating: 0, count: grid.count))
        let found = TransportAssigner().assign([far, near], to: grid, predictions)
        #expect(found.positives.contains { found.matches[$0] == 1 })
        for anchor in found.positives where found.matches[anchor] == 1 {
            #expect(found.overlaps[anchor] == 1)
        }
    }

    @Test func highScoringBackgroundIsIgnoredWithUnlabelledClasses() {
        var assignment = AnchorAssignment(count: 4)
        assignment.matches[1] = 0
        assignment.ignoreSuspects([-3, 5, 0.5, -1])
        #expect(assignment.matches == [-1, 0, -2, -1])
    }

    @Test func targetsDecodeToTheirObjects() {
        let code = BoxCoder(limit: 4.135)
        for round in 0..<30 {
            let objects = objects(round)
            let assignment = OverlapAssigner().assign(objects, to: grid, nil)
            var random = RandomStream(seed: 1, epoch: 0, item: round, purpose: .anchors)
            let targets = AnchorTargets(
                assignment, objects, grid, code: code,
                choice: .random(count: 32, positiveShare: 0.5), quality: .overlap,
                random: &random)
            #expect(targets.anchors.count == 32 && targets.positiveCount <= 16)
            for place in 0..<targets.positiveCount {
                let anchor = targets.anchors[place]
                let decoded = code.decode(
                    targets.deltas[place], relativeTo: grid.boxes[anchor])
                let object = objects[Int(assignment.matches[anchor])]
                #expect(decoded.overlap(object.box) > 0.999)
                #expect(targets.objectness[place] == grid.boxes[anchor].overlap(object.box))
            }
            for place in targets.positiveCount..<targets.anchors.count {
                #expect(targets.objectness[place] == 0)
                #expect(assignment.matches[targets.anchors[place]] == AnchorAssignment.background)
            }
        }
    }

    @Test func regionsAreMatchedByIoU() {
        let rule = RegionRule()
        let code = BoxCoder(deviations: SIMD4(0.1, 0.1, 0.2, 0.2), limit: 4.135)
        for round in 0..<30 {
            let plan = PicturePlan(
                extent: PictureExtent(width: 160, height: 96), patches: [],
                annotations: objects(round), unlabelled: [2])
            let real = plan.annotations.filter { !$0.isIgnored }
            var random = RandomStream(seed: 1, epoch: 0, item: round, purpose: .regions)
            let targets = RegionTargets(
                proposals: Array(grid.boxes.prefix(400)), of: plan, classCount: 3, rule: rule,
                code: code, random: &random)
            #expect(targets.regions.count <= 160 && targets.positiveCount <= 80)
            #expect(targets.positiveCount >= real.count)
            #expect(targets.unlabelled == [2])
            for (place, region) in targets.regions.enumerated() {
                let best = real.map { $0.box.overlap(region) }.max() ?? 0
                #expect(abs(best - targets.overlaps[place]) < 1e-6)
                #expect((place < targets.positiveCount) == (best >= 0.5))
                if place < targets.positiveCount {
                    let decoded = code.decode(targets.deltas[place], relativeTo: region)
                    #expect(real.contains { $0.box.overlap(decoded) > 0.999 })
                } else {
                    #expect(targets.classes[place] == 3)
                    let isHidden = plan.annotations.contains {
                        $0.isIgnored && region.share(coveredBy: $0.box) > 0.5
                    }
                    #expect(!isHidden)
                }
            }
        }
    }

    @Test func reachCountsBoxesByTheirBestAnchor() {
        var reach = AnchorReach(grid.design, PictureExtent(width: 160, height: 96))
        let picture = PictureExtent(width: 320, height: 96)
        reach.add(
            [
                Annotation(classIndex: 0, box: Box(x: 0, y: 0, width: 4, height: 2)),
                Annotation(classIndex: 0, box: Box(x: 16, y: 24, width: 64, height: 32)),
                Annotation(classIndex: nil, box: Box(x: 0, y: 0, width: 64, height: 32)),
            ], in: picture)
        #expect(reach.count == 2)
        #expect(reach.reached == [1, 1, 1])
    }
}
