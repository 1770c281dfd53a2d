import TestSupport
import Testing

@testable import Scene

struct KalmanFilterTests {
    private let model = MotionModel()

    private func isSane(_ filter: KalmanFilter) -> Bool {
        filter.box.isFinite && filter.box.width > 0 && filter.box.height > 0
            && filter.spread.isFinite && filter.spread >= 0
    }

    /// Textbook filter with explicit matrices, as reference for the scalar form.
    private struct Textbook {
        var state: [Double]
        var p: [[Double]]

        mutating func predict(_ dt: Double, density: Double) {
            state[0] += dt * state[1]
            let f = [[1, dt], [0, 1]]
            let q = [[dt * dt * dt / 3, dt * dt / 2], [dt * dt / 2, dt]]
            let fp = product(f, p)
            let fpf = product(fp, [[1, 0], [dt, 1]])
            for i in 0..<2 { for j in 0..<2 { p[i][j] = fpf[i][j] + density * q[i][j] } }
        }

        mutating func update(_ measured: Double, _ noise: Double) {
            let s = p[0][0] + noise
            let gain = [p[0][0] / s, p[1][0] / s]
            let surprise = measured - state[0]
            for i in 0..<2 { state[i] += gain[i] * surprise }
            p = product([[1 - gain[0], 0], [-gain[1], 1]], p)
        }

        private func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
            (0..<2).map { i in (0..<2).map { j in a[i][0] * b[0][j] + a[i][1] * b[1][j] } }
        }
    }

    @Test func equalsTheTextbookFilter() {
        var random = SeededGenerator(seed: 2)
        var motion = Motion(value: 3, variance: 0.5, rateVariance: 4)
        var textbook = Textbook(state: [3, 0], p: [[0.5, 0], [0, 4]])
        for _ in 0..<200 {
            let dt = random.uniform(0...0.3)
            let noise = random.uniform(0.01...1)
            let measured = random.uniform(-5...5)
            motion.predict(seconds: dt, density: 1.7)
            textbook.predict(dt, density: 1.7)
            motion.update(measured, variance: noise)
            textbook.update(measured, noise)
            #expect(abs(motion.value - textbook.state[0]) < 1e-9)
            #expect(abs(motion.rate - textbook.state[1]) < 1e-9)
            #expect(abs(motion.variance - textbook.p[0][0]) < 1e-9)
            #expect(abs(motion.covariance - textbook.p[0][1]) < 1e-9)
            #expect(abs(motion.rateVariance - textbook.p[1][1]) < 1e-9)
        }
    }

    @Test(arguments: [Double.infinity, 0.7])
    func manyShortStepsEqualOneLongStep(timeConstant: Double) {
        var whole = Motion(value: 1, rate: 2, variance: 0.1, covariance: 0.05, rateVariance: 0.4)
        var parts = whole
        whole.predict(
            seconds: 0.6, density: timeConstant.isFinite ? 0 : 1.3, timeConstant: timeConstant)
        for _ in 0..<60 {
            parts.predict(
                seconds: 0.01, density: timeConstant.isFinite ? 0 : 1.3, timeConstant: timeConstant)
        }
        #expect(abs(whole.value - parts.value) < 1e-9)
        #expect(abs(whole.rate - parts.rate) < 1e-9)
        #expect(abs(whole.variance - parts.variance) < 1e-9)
        #expect(abs(whole.covariance - parts.covariance) < 1e-9)
        #expect(abs(whole.rateVariance - parts.rateVariance) < 1e-9)
    }

    @Test(arguments: [30.0, 10, 5])
    func estimatesSpeedAndGrowthOfAnApproachingBox(rate: Double) {
        func box(_ time: Double) -> Box {
            .around(300 + 80 * time, 200 + 20 * time, 60 + 30 * time, 40 + 20 * time)
        }
        var filter = KalmanFilter(box: box(0), score: 0.8, model: model)
        for frame in 1...Int(2 * rate) {
            filter.predict(seconds: 1 / rate, model: model)
            filter.update(box(Double(frame) / rate), score: 0.8, model: model)
        }
        filter.predict(seconds: 0.3, model: model)
        #expect(filter.box.overlap(box(2.3)) > 0.85)
    }

    @Test func followsATurningVehicle() {
        var filter = KalmanFilter(box: .around(300, 200, 60, 60), score: 0.8, model: model)
        for frame in 1...60 {
            filter.predict(seconds: 1.0 / 20, model: model)
            let width = 60 + 2 * Double(frame)
            filter.update(.around(300, 200, width, 60), score: 0.8, model: model)
        }
        #expect(filter.box.overlap(.around(300, 200, 180, 60)) > 0.85)
    }

    @Test func isInvariantToFrameScale() {
        var small = KalmanFilter(box: .around(10, 20, 4, 3), score: 0.5, model: model)
        var large = KalmanFilter(box: .around(100, 200, 40, 30), score: 0.5, model: model)
        for step in 1...20 {
            let shift = Double(step) * 0.3
            small.predict(seconds: 0.04, model: model)
            large.predict(seconds: 0.04, model: model)
            small.update(.around(10 + shift, 20, 4, 3), score: 0.5, model: model)
            large.update(.around(100 + 10 * shift, 200, 40, 30), score: 0.5, model: model)
        }
        #expect(abs(small.box.x * 10 - large.box.x) < 0.01)
        #expect(abs(small.box.width * 10 - large.box.width) < 0.01)
        #expect(abs(small.spread - large.spread) < 1e-6)
    }

    @Test func staysFiniteForHostileInput() {
        var random = SeededGenerator(seed: 11)
        var filter = KalmanFilter(box: .around(0, 0, 1, 1), score: 0, model: model)
        for _ in 0..<20_000 {
            filter.predict(seconds: random.uniform(0...3), model: model)
            let wild = Box.around(
                random.uniform(-1e5...1e5), random.uniform(-1e5...1e5), random.uniform(1e-3...1e5),
                random.uniform(1e-3...1e5))
            if random.uniform(0...1) < 0.4 {
                filter.update(wild, score: Float(random.uniform(-1...2)), model: model)
            }
            #expect(isSane(filter))
        }
    }

    @Test func varianceStaysBoundedOverManySteps() {
        var filter = KalmanFilter(box: .around(100, 100, 50, 40), score: 0.7, model: model)
        for _ in 0..<200_000 {
            filter.predict(seconds: 1.0 / 30, model: model)
            filter.update(.around(100, 100, 50, 40), score: 0.7, model: model)
        }
        #expect(filter.box.overlap(.around(100, 100, 50, 40)) > 0.999)
        #expect(filter.spread > 0.001 && filter.spread < 0.1)
    }
}
