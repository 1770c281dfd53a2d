import Testing

@testable import Video

@Suite
struct ReconnectPolicyTests {
    @Test
    func delaysDoubleUpToTheMaximum() {
        var policy = ReconnectPolicy()
        let waits = (0..<9).map { _ in policy.delayAfterLoss(chance: 1) }
        #expect(waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30])
    }

    @Test
    func jitterShortensByHalfAtMost() {
        var policy = ReconnectPolicy()
        #expect(policy.delayAfterLoss(chance: 0) == 0.25)
        #expect(policy.delayAfterLoss(chance: 0.5) == 0.75)
        #expect(policy.delayAfterLoss(chance: 7) == 2)
    }

    @Test
    func deliveryResetsFailures() {
        var policy = ReconnectPolicy()
        for _ in 0..<5 { _ = policy.delayAfterLoss(chance: 1) }
        policy.connected(at: 100)
        policy.delivered(at: 159)
        #expect(policy.delayAfterLoss(chance: 1) == 16)
        policy.connected(at: 200)
        policy.delivered(at: 260)
        #expect(policy.delayAfterLoss(chance: 1) == 0.5)
        #expect(policy.failures == 1)
    }

    @Test
    func connectionWithoutDeliveryKeepsFailures() {
        var policy = ReconnectPolicy()
        _ = policy.delayAfterLoss(chance: 1)
        policy.connected(at: 0)
        #expect(policy.delayAfterLoss(chance: 1) == 1)
    }

    @Test
    func manyFailuresStayFinite() {
        var policy = ReconnectPolicy()
        for _ in 0..<100_000 { #expect(policy.delayAfterLoss(chance: 1) <= 30) }
    }
}
