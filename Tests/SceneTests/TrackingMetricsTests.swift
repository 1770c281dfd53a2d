import Scene
import TestSupport
import Testing

struct TrackingMetricsTests {
    /// Kind of tracking error in a synthetic sequence.
    enum Kind: Sendable {
        case perfect, swaps, misses, falsePositives, fragments, jitter, renamed, empty, all
    }

    /// Results of `trackeval`; `motmetrics` agrees on the metrics that both have.
    struct Reference: Sendable {
        var kind: Kind
        var mota: Double
        var motp: Double
        var switches: Int
        var fragmentations: Int
        var tracked: Int
        var partly: Int
        var lost: Int
        var idf1: Double
        var idp: Double
        var idr: Double
        var hota: Double
        var detA: Double
        var assA: Double
        var locA: Double
    }

    @Test(arguments: references)
    func equalsTheReferenceTool(reference: Reference) {
        let metrics = TrackingMetrics(frames: Self.frames(reference.kind))
        let pairs = [
            (metrics.mota, reference.mota), (metrics.motp, reference.motp),
            (metrics.idf1, reference.idf1), (metrics.identity.precision, reference.idp),
            (metrics.identity.recall, reference.idr), (metrics.hota, reference.hota),
            (metrics.higherOrder.detection, reference.detA),
            (metrics.higherOrder.association, reference.assA),
            (metrics.higherOrder.localization, reference.locA),
        ]
        for (ours, theirs) in pairs { #expect(abs(ours - theirs) < 1e-9) }
        #expect(metrics.clear.identitySwitches == reference.switches)
        #expect(metrics.clear.fragmentations == reference.fragmentations)
        #expect(metrics.clear.mostlyTracked == reference.tracked)
        #expect(metrics.clear.partlyTracked == reference.partly)
        #expect(metrics.clear.mostlyLost == reference.lost)
    }

    @Test func boxesOfDifferentClassesNeverMatch() {
        let box = Box(x: 0, y: 0, width: 10, height: 10)
        func mota(truth: Int?, result: Int?) -> Double {
            TrackingMetrics(frames: [
                TrackingFrame(
                    truths: [IdentifiedBox(id: 1, classIndex: truth, box: box)],
                    results: [IdentifiedBox(id: 1, classIndex: result, box: box)])
            ]).mota
        }
        #expect(mota(truth: 2, result: 2) == 1)
        #expect(mota(truth: nil, result: 2) == 1)
        #expect(mota(truth: 3, result: 2) == -1)
    }

    @Test func matchOfThePreviousFrameIsKept() {
        let truth = IdentifiedBox(id: 1, box: Box(x: 0, y: 0, width: 100, height: 100))
        let near = Box(x: 5, y: 0, width: 100, height: 100)
        let far = Box(x: 20, y: 0, width: 100, height: 100)
        let metrics = TrackingMetrics(frames: [
            TrackingFrame(truths: [truth], results: [IdentifiedBox(id: 7, box: near)]),
            TrackingFrame(
                truths: [truth],
                results: [IdentifiedBox(id: 7, box: far), IdentifiedBox(id: 8, box: near)]),
        ])
        #expect(metrics.clear.identitySwitches == 0)
        #expect(metrics.clear.hits == 2 && metrics.clear.falsePositives == 1)
    }

    @Test func emptySequenceHasDefinedMetrics() {
        let metrics = TrackingMetrics(frames: [TrackingFrame(truths: [], results: [])])
        #expect(metrics.mota == 0 && metrics.idf1 == 0 && metrics.hota == 0)
    }

    private static func frames(_ kind: Kind) -> [TrackingFrame] {
        var random = SeededGenerator(seed: 7)
        return (0..<40).map { frame in
            var made = TrackingFrame(truths: [], results: [])
            for object in 0..<5 where frame >= 3 * object && frame < 40 - 2 * object {
                let dice = (0..<6).map { _ in Int((random.next() >> 11) % 100) }
                add(object, frame: frame, kind: kind, dice: dice, to: &made)
            }
            if kind == .empty { made.results = [] }
            return made
        }
    }

    private static func add(
        _ object: Int, frame: Int, kind: Kind, dice: [Int], to made: inout TrackingFrame
    ) {
        let x = 40 + 90 * object + 3 * frame
        let y = 60 + 12 * object + ((frame * (object + 1)) % 7)
        let truth = Box(
            x: Float(x), y: Float(y), width: Float(60 + 4 * object), height: Float(50 + frame / 2))
        made.truths.append(IdentifiedBox(id: object + 1, box: truth))
        func has(_ part: Kind) -> Bool { kind == part || kind == .all }

        var id = 11 + object
        if has(.swaps), frame >= 20, object < 2 { id = 11 + (1 - object) }
        if has(.renamed) { id += 100 * (frame / 13) }
        var box = truth
        if has(.jitter) {
            let shifts = dice[1...4].map { Float($0 % 41 - 20) * 0.75 }
            box.x += shifts[0]
            box.y += shifts[1]
            box.width += shifts[2]
            box.height += shifts[3]
        }
        let isMissed = has(.misses) && dice[0] < 25
        let isBroken = has(.fragments) && (frame / 6 + object) % 3 == 0
        if !isMissed, !isBroken { made.results.append(IdentifiedBox(id: id, box: box)) }
        guard has(.falsePositives), dice[5] < 20 else { return }
        box = truth
        box.x += 37.5
        box.y -= 21.25
        made.results.append(IdentifiedBox(id: 500 + object, box: box))
    }

    // swift-format-ignore
    static let references = [
        Reference(kind: .perfect, mota: 1.0, motp: 1.0, switches: 0, fragmentations: 0, tracked: 5, partly: 0, lost: 0,
                  idf1: 1.0, idp: 1.0, idr: 1.0, hota: 1.0, detA: 1.0, assA: 1.0, locA: 1.0),
        Reference(kind: .swaps, mota: 0.986666666667, motp: 1.0, switches: 2, fragmentations: 0, tracked: 5, partly: 0, lost: 0,
                  idf1: 0.753333333333, idp: 0.753333333333, idr: 0.753333333333, hota: 0.81673965713, detA: 1.0, assA: 0.667063667528, locA: 1.0),
        Reference(kind: .misses, mota: 0.746666666667, motp: 1.0, switches: 0, fragmentations: 26, tracked: 0, partly: 5, lost: 0,
                  idf1: 0.854961832061, idp: 1.0, idr: 0.746666666667, hota: 0.747330699626, detA: 0.746666666667, assA: 0.747995323129, locA: 1.0),
        Reference(kind: .falsePositives, mota: 0.793333333333, motp: 1.0, switches: 0, fragmentations: 0, tracked: 5, partly: 0, lost: 0,
                  idf1: 0.906344410876, idp: 0.828729281768, idr: 1.0, hota: 0.910345693552, detA: 0.828729281768, assA: 1.0, locA: 1.0),
        Reference(kind: .fragments, mota: 0.64, motp: 1.0, switches: 0, fragmentations: 5, tracked: 0, partly: 5, lost: 0,
                  idf1: 0.780487804878, idp: 1.0, idr: 0.64, hota: 0.642672989497, detA: 0.64, assA: 0.645357142857, locA: 1.0),
        Reference(kind: .jitter, mota: 0.333333333333, motp: 0.629143023572, switches: 0, fragmentations: 26, tracked: 0, partly: 5, lost: 0,
                  idf1: 0.666666666667, idp: 0.666666666667, idr: 0.666666666667, hota: 0.510908596309, detA: 0.507117498183, assA: 0.515076267995, locA: 0.687862854144),
        Reference(kind: .renamed, mota: 0.926666666667, motp: 1.0, switches: 11, fragmentations: 0, tracked: 5, partly: 0, lost: 0,
                  idf1: 0.433333333333, idp: 0.433333333333, idr: 0.433333333333, hota: 0.607508573328, detA: 1.0, assA: 0.369066666667, locA: 1.0),
        Reference(kind: .empty, mota: 0.0, motp: 0.0, switches: 0, fragmentations: 0, tracked: 0, partly: 0, lost: 5,
                  idf1: 0.0, idp: 0.0, idr: 0.0, hota: 0.0, detA: 0.0, assA: 0.0, locA: 1.0),
        Reference(kind: .all, mota: -0.046666666667, motp: 0.618383806359, switches: 10, fragmentations: 24, tracked: 0, partly: 5, lost: 0,
                  idf1: 0.215139442231, idp: 0.267326732673, idr: 0.18, hota: 0.155221016378, detA: 0.234950255807, assA: 0.106054314029, locA: 0.681807404096),
    ]
}

/* The reference values come from this script (Python 3.11, trackeval, motmetrics 1.4):

# Prints reference values by trackeval 1.x and motmetrics 1.4 on the sequences of TrackingMetricsTests.
import numpy as np, motmetrics as mm
np.asfarray = getattr(np, "asfarray", lambda a: np.asarray(a, float))
np.float = float; np.int = int; np.bool = bool
from trackeval.metrics import HOTA, CLEAR, Identity
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
def scene(kind, frames=40, objects=5):
    r = Seeded(7); out = []
    for f in range(frames):
        truths, results = [], []
        for o in range(objects):
            start, end = 3 * o, frames - 2 * o
            if not start <= f < end: continue
            x, y, w, h = 40 + 90 * o + 3 * f, 60 + 12 * o + ((f * (o + 1)) % 7), 60 + 4 * o, 50 + f // 2
            truths.append((o + 1, (x, y, w, h)))
            id, dx, dy, dw, dh, seen = 11 + o, 0, 0, 0, 0, True
            a = [r.below(100) for _ in range(6)]
            if kind in ("swaps", "all") and f >= 20 and o < 2: id = 11 + (1 - o)
            if kind in ("misses", "all") and a[0] < 25: seen = False
            if kind in ("fragments", "all") and (f // 6 + o) % 3 == 0: seen = False
            if kind in ("jitter", "all"):
                dx, dy, dw, dh = [(v % 41 - 20) * 0.75 for v in a[1:5]]
            if kind in ("renamed", "all"): id += 100 * (f // 13)
            if seen: results.append((id, (x + dx, y + dy, w + dw, h + dh)))
            if kind in ("false", "all") and a[5] < 20:
                results.append((500 + o, (x + 37.5, y - 21.25, w, h)))
        if kind == "empty": results = []
        out.append((truths, results))
    return out
def iou(a, b):
    w = min(a[0]+a[2], b[0]+b[2]) - max(a[0], b[0]); h = min(a[1]+a[3], b[1]+b[3]) - max(a[1], b[1])
    c = w*h if w > 0 and h > 0 else 0
    return c / (a[2]*a[3] + b[2]*b[3] - c) if c else 0.0
for kind in ["perfect", "swaps", "misses", "false", "fragments", "jitter", "renamed", "empty", "all"]:
    s = scene(kind); g, t = {}, {}
    n = lambda d, k: d.setdefault(k, len(d))
    gi = [np.array([n(g, i) for i, _ in f[0]], int) for f in s]; ti = [np.array([n(t, i) for i, _ in f[1]], int) for f in s]
    sim = [np.array([[iou(a, b) for _, b in f[1]] for _, a in f[0]]).reshape(len(f[0]), len(f[1])) for f in s]
    d = dict(gt_ids=gi, tracker_ids=ti, similarity_scores=sim, num_gt_ids=len(g), num_tracker_ids=len(t),
        num_gt_dets=sum(map(len, gi)), num_tracker_dets=sum(map(len, ti)), num_timesteps=len(s))
    q = dict(PRINT_CONFIG=False)
    H, C, I = HOTA().eval_sequence(d), CLEAR(q).eval_sequence(d), Identity(q).eval_sequence(d)
    if kind == "empty":
        for k in ("MOTA",): C[k] = C.get(k, 0)
    acc = mm.MOTAccumulator(auto_id=True)
    for a, b, c in zip(gi, ti, sim): acc.update(a, b, np.where(c >= 0.5, 1 - c, np.nan))
    m = mm.metrics.create().compute(acc, metrics=["mota", "motp", "idf1", "num_switches", "num_fragmentations", "mostly_tracked", "mostly_lost"]).iloc[0].to_dict()
    r = lambda v: round(float(v), 12)
    print(kind, dict(mota=r(C["MOTA"]), motp=r(C.get("MOTP", 0)), ids=int(C["IDSW"]), frag=int(C.get("Frag", 0)), mt=int(C["MT"]), pt=int(C["PT"]), ml=int(C["ML"]),
      idf1=r(I["IDF1"]), idp=r(I["IDP"]), idr=r(I["IDR"]), hota=r(H["HOTA"].mean() if np.ndim(H["HOTA"]) else 0), deta=r(np.mean(H["DetA"])), assa=r(np.mean(H["AssA"])), loca=r(np.mean(H["LocA"]))))
    print("   mm", {k: r(v) for k, v in m.items()})
*/
