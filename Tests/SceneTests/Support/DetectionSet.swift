import Scene
import TestSupport

/// Synthetic images with objects and detections, equal to those that the script below makes for the reference tools.
enum DetectionSet {
    static func images(seed: UInt64, count: Int, classes: Int, crowds: Int) -> [AnnotatedImage] {
        var dice = Dice(seed)
        var objects = 0
        return (0..<count).map { _ in
            var image = AnnotatedImage(truths: [], detections: [])
            for _ in 0..<dice.below(12) {
                let share = objects % 2 == 1 ? 0.8 : 1
                let truth = dice.object(classes: classes, crowds: crowds, share: share)
                objects += 1
                image.truths.append(truth)
                for _ in 0..<dice.below(4) {
                    image.detections.append(dice.detection(of: truth, classes: classes))
                }
            }
            for _ in 0..<dice.below(5) { image.detections.append(dice.stray(classes: classes)) }
            return image
        }
    }
}

private struct Dice {
    private var random: SeededGenerator

    init(_ seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func below(_ limit: Int) -> Int { Int((random.next() >> 11) % UInt64(limit)) }

    mutating func object(classes: Int, crowds: Int, share: Double) -> AnnotatedObject {
        let classIndex = below(classes)
        let side = [20, 60, 200][below(3)]
        let width = 8 + below(side)
        let height = 8 + below(side)
        let x = below(400)
        let y = below(300)
        return AnnotatedObject(
            classIndex: classIndex,
            box: Box(x: Float(x), y: Float(y), width: Float(width), height: Float(height)),
            area: Double(width * height) * share, isCrowd: below(100) < crowds)
    }

    mutating func detection(of truth: AnnotatedObject, classes: Int) -> Detection {
        let reach = [8, 30, 100][below(3)]
        let shifts = (0..<4).map { _ in Double(below(2 * reach + 1) - reach) / 100 }
        let width = Double(truth.box.width)
        let height = Double(truth.box.height)
        let box = Box(
            x: quarters(Double(truth.box.x) + shifts[0] * width),
            y: quarters(Double(truth.box.y) + shifts[1] * height),
            width: max(1, quarters(width + shifts[2] * width)),
            height: max(1, quarters(height + shifts[3] * height)))
        let classIndex = below(10) == 0 ? below(classes) : truth.classIndex
        return Detection(classIndex: classIndex, score: score(), box: box)
    }

    mutating func stray(classes: Int) -> Detection {
        let classIndex = below(classes)
        let x = below(400)
        let y = below(300)
        let width = 8 + below(90)
        let box = Box(x: Float(x), y: Float(y), width: Float(width), height: Float(8 + below(90)))
        return Detection(classIndex: classIndex, score: score(), box: box)
    }

    /// Few distinct values, so that ties are common.
    private mutating func score() -> Float { Float(1 + below(64)) / 64 }

    private func quarters(_ value: Double) -> Float { Float((value * 4).rounded(.down) / 4) }
}

/* The reference values in DetectionMetricsTests come from this script (Python 3.11, pycocotools 2.0):

# The script whose output the tests hold as literals.
import sys, io, contextlib
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
M = (1 << 64) - 1
class Seeded:
    def __init__(s, seed): s.state = seed
    def next(s):
        s.state = (s.state + 0x9E3779B97F4A7C15) & M
        z = s.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M
        return z ^ (z >> 31)
    def below(s, n): return (s.next() >> 11) % n
def data(seed, images, classes, crowds):
    r = Seeded(seed); gts, dts = [], []
    for i in range(images):
        for _ in range(r.below(12)):
            c = r.below(classes)
            side = [20, 60, 200][r.below(3)]
            w, h = 8 + r.below(side), 8 + r.below(side)
            x, y = r.below(400), r.below(300)
            crowd = r.below(100) < crowds
            gts.append((i, c, [x, y, w, h], crowd))
            for _ in range(r.below(4)):
                k = [8, 30, 100][r.below(3)]
                d = [(r.below(2*k+1) - k) / 100 for _ in range(4)]
                q = lambda v: int(v * 4 // 1) / 4
                box = [q(x + d[0]*w), q(y + d[1]*h), max(1, q(w + d[2]*w)), max(1, q(h + d[3]*h))]
                dc = c if r.below(10) else r.below(classes)
                dts.append((i, dc, box, (1 + r.below(64)) / 64))
        for _ in range(r.below(5)):
            dts.append((i, r.below(classes), [r.below(400), r.below(300), 8 + r.below(90), 8 + r.below(90)], (1 + r.below(64)) / 64))
    return gts, dts
if __name__ == "__main__":
    for seed, images, classes, crowds in [(1, 40, 3, 0), (2, 60, 4, 20), (3, 25, 1, 10), (4, 300, 2, 5)]:
        gts, dts = data(seed, images, classes, crowds)
        gt = COCO(); gt.dataset = dict(images=[dict(id=i+1) for i in range(images)], categories=[dict(id=c+1) for c in range(classes)],
            annotations=[dict(id=k+1, image_id=g[0]+1, category_id=g[1]+1, bbox=g[2], area=g[2][2]*g[2][3]*(0.8 if k % 2 else 1), iscrowd=int(g[3])) for k, g in enumerate(gts)])
        with contextlib.redirect_stdout(io.StringIO()):
            gt.createIndex()
            dt = gt.loadRes([dict(image_id=d[0]+1, category_id=d[1]+1, bbox=d[2], score=d[3]) for d in dts])
            e = COCOeval(gt, dt, "bbox"); e.evaluate(); e.accumulate(); e.summarize()
        per = [[float(e.eval["precision"][t, :, c, 0, 2].mean()) for t in (slice(None), 0)] for c in range(classes)]
        print(seed, len(gts), len(dts), [float(f"{s:.12f}") for s in e.stats], [[round(v, 12) for v in p] for p in per])
    # VOC, after the challenge's development kit, without its extra pixel.
    def voc(gts, dts, c):
        import numpy as np
        truths = {}; wanted = 0
        for i, k, b, crowd in gts:
            if k == c: truths.setdefault(i, []).append([b, crowd, False]); wanted += not crowd
        tp, fp = [], []
        for i, k, b, s in sorted([d for d in dts if d[1] == c], key=lambda d: -d[3]):
            best, of = -1, None
            for t in truths.get(i, []):
                g = t[0]; w = min(b[0]+b[2], g[0]+g[2]) - max(b[0], g[0]); h = min(b[1]+b[3], g[1]+g[3]) - max(b[1], g[1])
                o = w*h / (b[2]*b[3] + g[2]*g[3] - w*h) if w > 0 and h > 0 else 0
                if o > best: best, of = o, t
            hit = best >= 0.5
            if hit and of[1]: continue
            tp.append(hit and not of[2]); fp.append(not tp[-1])
            if hit: of[2] = True
        tp, fp = np.cumsum(tp), np.cumsum(fp); rec, prec = tp / wanted, tp / (tp + fp)
        eleven = np.mean([max(prec[rec >= t - 1e-12], default=0) for t in np.arange(11) / 10])
        r, p = np.r_[0, rec, 1], np.r_[0, prec, 0]
        p = np.maximum.accumulate(p[::-1])[::-1]
        return round(float(np.sum(np.diff(r) * p[1:])), 12), round(float(eleven), 12)
    gts, dts = data(2, 60, 4, 20)
    # Detections arrive image by image, in each as they were made.
    print([voc(gts, dts, c) for c in range(4)])
*/
