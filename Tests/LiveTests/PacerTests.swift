import Testing

@testable import Live

struct PacerTests {
    @Test func aBurstIsReleasedAtItsOwnSpeed() {
        var pacer = Pacer()
        #expect(pacer.wait(timestamp: 100, now: 5) == 0)
        #expect(abs(pacer.wait(timestamp: 100.04, now: 5) - 0.04) < 1e-9)
        #expect(abs(pacer.wait(timestamp: 100.08, now: 5.04) - 0.04) < 1e-9)
    }

    @Test func lateFramesAreNotDelayed() {
        var pacer = Pacer()
        _ = pacer.wait(timestamp: 0, now: 0)
        #expect(pacer.wait(timestamp: 1, now: 3) == 0)
    }

    @Test(arguments: [-1000.0, 1000])
    func aClockJumpRestartsPacing(leap: Double) {
        var pacer = Pacer()
        _ = pacer.wait(timestamp: 0, now: 0)
        #expect(pacer.wait(timestamp: leap, now: 1) == 0)
        #expect(abs(pacer.wait(timestamp: leap + 0.5, now: 1) - 0.5) < 1e-9)
    }
}
