import Configuration
import Datasets
import Scene
import Testing

@testable import Training

struct AugmenterTests {
    private let drawn = DrawnPictures(12)
    private let extent = PictureExtent(width: 128, height: 96)

    private var busy: AugmentationOptions {
        var options = AugmentationOptions()
        (options.mosaic, options.expand) = (0.4, 0.3)
        options.color = .none
        return options
    }

    private func plan(
        _ options: AugmentationOptions, _ place: Int, epoch: Int = 0, progress: Double = 0
    ) -> PicturePlan {
        Augmenter(drawn.set, options: options, seed: 3).plan(
            picture: place % 12, epoch: epoch, place: place, extent: extent, progress: progress)
    }

    /// Different code moves pixels and boxes: pixels inside a red object's box must be red.
    @Test func boxesMatchTheirObjectsPixels() {
        var renderer = PictureRenderer()
        var canvas: [UInt8] = []
        var count = 0
        for place in 0..<200 {
            let plan = plan(busy, place)
            renderer.render(plan, from: drawn.pixels, into: &canvas)
            for annotation in plan.annotations where !annotation.isIgnored {
                count += 1
                let box = annotation.box
                let wanted = DrawnPictures.colors[annotation.classIndex ?? 0]
                for share: Float in [0.2, 0.5, 0.8] {
                    let x = Int(box.x + share * box.width)
                    let y = Int(box.y + share * box.height)
                    let start = 3 * (y * extent.width + x)
                    let found = SIMD3(canvas[start], canvas[start + 1], canvas[start + 2])
                    #expect(found == wanted, "place \(place): \(annotation)")
                }
            }
        }
        #expect(count > 200)
    }

    @Test func boxesAreInsideTheInputAndLargeEnough() {
        for place in 0..<300 {
            for annotation in plan(busy, place).annotations {
                let box = annotation.box
                #expect(box.x >= 0 && box.y >= 0 && box.right <= 128 && box.bottom <= 96)
                #expect(min(box.width, box.height) > 3)
            }
        }
    }

    @Test func equalKeysGiveEqualPlans() {
        #expect(plan(busy, 7, epoch: 2) == plan(busy, 7, epoch: 2))
        #expect(plan(busy, 7, epoch: 2) != plan(busy, 7, epoch: 3))
        #expect(plan(busy, 7) != plan(busy, 19))
    }

    /// Colors have their own random stream: the geometry is the same without them.
    @Test func colorOptionsDoNotChangeTheGeometry() {
        var colored = busy
        colored.color = ColorOptions()
        for place in 0..<30 {
            #expect(plan(colored, place).patches == plan(busy, place).patches)
        }
    }

    @Test func mosaicsStopBeforeTheEndOfTheRun() {
        var options = busy
        options.mosaic = 1
        #expect(plan(options, 0).patches.count == 4)
        #expect(plan(options, 0, progress: 0.84).patches.count == 4)
        #expect(plan(options, 0, progress: 0.85).patches.count == 1)
    }

    @Test func mosaicPartsCoverTheInputWithoutOverlap() {
        var options = busy
        options.mosaic = 1
        for place in 0..<50 {
            let patches = plan(options, place).patches
            let area = patches.reduce(0) { $0 + $1.target.width * $1.target.height }
            #expect(area == 128 * 96)
            for (one, other) in [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)] {
                let shared = patches[one].target.box.intersection(patches[other].target.box)
                #expect(shared.area == 0)
            }
        }
    }

    @Test func mosaicPartsHaveTheSameUnlabelledClasses() {
        var options = busy
        options.mosaic = 1
        for place in 0..<50 {
            let plan = plan(options, place)
            for patch in plan.patches {
                #expect(drawn.set.pictures[patch.picture].unlabelled == plan.unlabelled)
            }
        }
    }

    @Test func withoutAugmentationTheWholeImageIsUsed() {
        let plan = plan(.none, 4)
        #expect(plan == PicturePlan(whole: drawn.set.pictures[4], extent: extent))
        #expect(plan.color == .identity)
    }

    @Test func croppedObjectsThatStayVisibleAreIgnored() {
        let augmenter = Augmenter(drawn.set, options: .none, seed: 1)
        let patch = PicturePatch(
            picture: 0, source: Box(x: 0, y: 0, width: 100, height: 100),
            target: PixelArea(left: 0, top: 0, width: 100, height: 100))
        func visible(_ x: Float) -> [Annotation] {
            let box = Box(x: x, y: 10, width: 40, height: 40)
            return augmenter.visible([Annotation(classIndex: 2, box: box)], in: patch)
        }
        #expect(visible(75).map(\.isIgnored) == [false])
        #expect(visible(85).map(\.isIgnored) == [true])
        #expect(visible(91).isEmpty)
        #expect(visible(75)[0].box == Box(x: 75, y: 10, width: 25, height: 40))
    }

    @Test func rareObjectsArePastedWithoutCoveringOthers() {
        var options = busy
        (options.mosaic, options.paste, options.pastedClasses) = (0, 1, [3])
        var pasted = 0
        for place in 0..<100 {
            let plan = plan(options, place)
            let added = plan.annotations.suffix(plan.patches.count - 1)
            pasted += added.count
            for (annotation, patch) in zip(added, plan.patches.dropFirst()) {
                #expect(annotation.classIndex == 3)
                #expect(patch.feather > 0)
                #expect(patch.target.box.share(coveredBy: PixelArea(extent).box) == 1)
                #expect(annotation.box.share(coveredBy: patch.target.box) > 0.99)
            }
            for one in plan.annotations.indices {
                for other in plan.annotations.indices where other > one {
                    let (a, b) = (plan.annotations[one], plan.annotations[other])
                    #expect(a.box.overlap(b.box) < 0.3)
                }
            }
        }
        #expect(pasted > 50)
    }
}
