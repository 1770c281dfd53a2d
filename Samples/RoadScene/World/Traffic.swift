/// Driver and vehicle.
struct Driver {
    var kind: VehicleKind
    var appearance: Appearance
    /// Direction: 1 away from the camera, -1 towards it.
    var direction: Float
    var x: Float
    var z: Float
    var speed: Float
    var desiredSpeed: Float
    /// Planned lane change: earliest time and centre of the target lane.
    var change: (time: Float, x: Float)?
    /// Centre of the lane that the driver steers to; nil before a lane change.
    var lane: Float?
    var isBraking = false
    /// Sideways speed in metres per second, from which the heading follows.
    var drift: Float = 0
    /// Distance rolled in metres, for the wheels.
    var rolled: Float = 0
}

/// Pedestrian with a path and an appearance.
struct Pedestrian {
    var start: SIMD2<Float>
    var velocity: SIMD2<Float>
    /// Time at which the person starts to walk, in seconds.
    var time: Float
    var appearance: Appearance
    var height: Float
    var hasLongHair: Bool
    var hasCoat: Bool
}

/// Traffic simulation with small time steps.
///
/// Car following by the intelligent driver model (Treiber, Hennecke and Helbing, 2000).
struct Traffic {
    let road: Road
    var time: Float = 0
    /// Moving vehicles; the first one carries the camera.
    var drivers: [Driver]
    var parked: [Driver]
    var pedestrians: [Pedestrian]
    /// Time from which drivers stop for pedestrians, in seconds.
    var yieldTime: Float

    /// Advances the simulation by `step` seconds.
    mutating func advance(by step: Float) {
        let before = drivers
        for index in drivers.indices {
            let acceleration = max(
                -7, self.acceleration(of: before[index], among: before, at: index))
            drivers[index].isBraking =
                acceleration < -0.9 || (drivers[index].speed < 0.3 && acceleration < 0.3)
            drivers[index].speed = max(0, before[index].speed + acceleration * step)
            let way = drivers[index].speed * step
            drivers[index].z += drivers[index].direction * way
            drivers[index].rolled += way
            steer(index, step)
        }
        time += step
    }

    private mutating func steer(_ index: Int, _ step: Float) {
        if let change = drivers[index].change, time >= change.time, isFree(change.x, for: index) {
            drivers[index].lane = change.x
            drivers[index].change = nil
        }
        guard let lane = drivers[index].lane else { return }
        let left = lane - drivers[index].x
        // Critically damped spring: about two seconds from lane to lane.
        let pull = 4 * left - 4 * drivers[index].drift
        drivers[index].drift += pull * step
        drivers[index].x += drivers[index].drift * step
    }

    /// True when another lane has room for a driver.
    private func isFree(_ x: Float, for index: Int) -> Bool {
        let driver = drivers[index]
        return drivers.indices.allSatisfy { other in
            let apart = abs(drivers[other].z - driver.z)
            return other == index || abs(drivers[other].x - x) > 1.5
                || apart > (drivers[other].kind.size.z + driver.kind.size.z) / 2 + 1.2
        }
    }

    private func acceleration(of driver: Driver, among others: [Driver], at index: Int) -> Float {
        var braking: Float = 0
        for (other, leader) in others.enumerated() where other != index {
            guard leader.direction == driver.direction, abs(leader.x - driver.x) < 1.9 else {
                continue
            }
            let ahead = (leader.z - driver.z) * driver.direction
            guard ahead > 0 else { continue }
            let gap = ahead - (leader.kind.size.z + driver.kind.size.z) / 2
            braking = max(
                braking, interaction(driver, gap: gap, closing: driver.speed - leader.speed))
        }
        let line = (road.stopLine(direction: driver.direction) - driver.z) * driver.direction
        // The model keeps a gap of four metres to a car and one to a line.
        let gap = line - driver.kind.size.z / 2 + 3
        let stopping = driver.speed * driver.speed / 2 / max(0.1, gap - 3)
        if time >= yieldTime, gap > 1, stopping < 5.5 {
            braking = max(braking, interaction(driver, gap: gap, closing: driver.speed))
        }
        let ratio = driver.speed / driver.desiredSpeed
        return 1.6 * (1 - ratio * ratio * ratio * ratio - braking)
    }

    /// Interaction term of the model: squared ratio of desired to actual gap.
    private func interaction(_ driver: Driver, gap: Float, closing: Float) -> Float {
        let comfort: Float = 2 * (1.6 * 2.8 as Float).squareRoot()
        let desiredGap = 4 + max(0, driver.speed * 0.9 + driver.speed * closing / comfort)
        let ratio = desiredGap / max(0.5, gap)
        return ratio * ratio
    }
}
