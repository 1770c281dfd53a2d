import Testing

@testable import road_scene

@Suite(.timeLimit(.minutes(1)))
struct TrafficTests {
    private func run(_ daylight: Daylight, seed: UInt64, seconds: Float) -> [Traffic] {
        var traffic = Scenario.begin(seed: seed, daylight: daylight)
        return (0..<Int(seconds * 120)).map { _ in
            traffic.advance(by: 1.0 / 120)
            return traffic
        }
    }

    @Test(arguments: Daylight.allCases, [UInt64(7), 11, 23])
    func aDriverOvertakesTheCarAhead(daylight: Daylight, seed: UInt64) {
        let moments = run(daylight, seed: seed, seconds: 6)
        #expect(moments[0].drivers[2].z < moments[0].drivers[1].z)
        #expect(moments.contains { $0.drivers[2].z > $0.drivers[1].z })
        // At dusk the crossing ends the overtaking before there is room for a change of lanes.
        guard daylight == .day else { return }
        #expect(moments.contains { $0.drivers[2].x - moments[0].drivers[2].x > 1.5 })
    }

    @Test(arguments: Daylight.allCases, [UInt64(7), 11, 23])
    func driversNeitherCollideNorDriveBackwards(daylight: Daylight, seed: UInt64) {
        for traffic in run(daylight, seed: seed, seconds: 10) {
            for (index, driver) in traffic.drivers.enumerated() {
                #expect(driver.speed >= 0 && driver.speed < 25)
                for other in traffic.drivers[(index + 1)...] {
                    let apart = (driver.kind.size + other.kind.size) / 2
                    let isBeside = abs(driver.x - other.x) >= apart.x
                    let isAhead = abs(driver.z - other.z) >= apart.z
                    #expect(isBeside || isAhead)
                }
            }
        }
    }

    @Test(arguments: Daylight.allCases)
    func peopleCrossWhileTheCameraWaits(daylight: Daylight) throws {
        let moments = run(daylight, seed: 7, seconds: 10)
        let last = try #require(moments.last)
        #expect(last.drivers[0].speed < 1)
        #expect(last.drivers[0].z < last.road.crossing)
        let onTheRoad = last.pedestrians.filter { pedestrian in
            let walked = last.time - pedestrian.time
            let position: Float = pedestrian.start.x + pedestrian.velocity.x * walked
            return pedestrian.velocity.x != 0 && abs(position) < 7
        }
        #expect(onTheRoad.count >= 3)
    }

    @Test func driverStopsBehindAStandingCar() {
        var traffic = Scenario.begin(seed: 1, daylight: .day)
        traffic.drivers = [traffic.drivers[0], traffic.drivers[1]]
        traffic.drivers[1].speed = 0
        traffic.drivers[1].desiredSpeed = 0.001
        traffic.drivers[1].z = 60
        traffic.yieldTime = .infinity
        for _ in 0..<2400 { traffic.advance(by: 1.0 / 120) }
        let gap = traffic.drivers[1].z - traffic.drivers[0].z - 4.4
        #expect(gap > 2 && gap < 6)
    }
}
