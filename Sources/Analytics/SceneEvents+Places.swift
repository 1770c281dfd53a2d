internal import Scene

/// The rules for lines and zones, applied to one object at a time.
extension SceneEvents {
    /// Observes an object at every line and zone.
    mutating func observe(_ slot: Int) {
        let box = seen[slot].object.fullBox
        guard let points = AnchorPoints(box) else { return }
        let evidence = Evidence(
            time: now, size: box.size, shorterSide: Double(min(box.width, box.height)))
        for line in lines.indices {
            let outcome = lineTracks[slot * lines.count + line].observe(
                points[lineShapes[line].anchor], evidence, lineShapes[line], memory: memory)
            switch outcome {
            case .nothing: break
            case .jump: totals[line].jumps += 1
            case .crossing(let passage): cross(slot, line, passage, isShort: false)
            }
        }
        guard !zones.isEmpty else { return }
        let clamped = points.clamped(width: frameSize.width, height: frameSize.height)
        for zone in zones.indices {
            let place = slot * zones.count + zone
            let isIn = zoneShapes[zone]?.contains(clamped[zones[zone].anchor]) ?? false
            guard isIn || zoneTracks[place].phase != .outside else { continue }
            observe(slot, isIn, zone: zone)
        }
    }

    private mutating func cross(
        _ slot: Int, _ line: Int, _ passage: LineTrack.Passage, isShort: Bool
    ) {
        guard lines[line].counts(seen[slot].object.classIndex) else { return }
        totals[line][passage.direction] += 1
        var event = event(.cross, slot)
        event.delay = now - passage.time
        event.seconds = max(passage.time - seen[slot].firstSeen, 0)
        event.place = .line(
            ObjectEvent.Crossing(
                line: line, direction: passage.direction, x: passage.x, y: passage.y,
                velocityX: passage.velocityX, velocityY: passage.velocityY, isShort: isShort,
                total: totals[line]))
        events.append(event)
    }

    private mutating func observe(_ slot: Int, _ isIn: Bool, zone: Int) {
        let place = slot * zones.count + zone
        let classIndex = seen[slot].object.classIndex
        guard zoneTracks[place].phase != .outside || zones[zone].counts(classIndex) else { return }
        if zoneTracks[place].isInside { recount(place, zone, as: classIndex) }
        let rested = seen[slot].rest.rested(until: now, includingPresent: false)
        switch zoneTracks[place].observe(isIn, at: now, rested: rested, zones[zone]) {
        case .nothing: break
        case .enter: enter(slot, zone)
        case .leave: leave(slot, zone, reason: nil)
        }
        if zoneTracks[place].isInside { checkLoiter(slot, zone) }
    }

    /// Counts an object inside under its present class.
    private mutating func recount(_ place: Int, _ zone: Int, as classIndex: Int) {
        let before = zoneTracks[place].classIndex
        guard before != classIndex else { return }
        inside[zone].decrement(before)
        inside[zone][classIndex, default: 0] += 1
        zoneTracks[place].classIndex = classIndex
    }

    private mutating func enter(_ slot: Int, _ zone: Int) {
        let place = slot * zones.count + zone
        zoneTracks[place].classIndex = seen[slot].object.classIndex
        inside[zone][seen[slot].object.classIndex, default: 0] += 1
        append(.enter, slot, zone, since: zoneTracks[place].begun)
        if inside[zone].values.reduce(0, +) == zones[zone].crowd {
            append(.crowd, slot, zone, since: now)
        }
    }

    private mutating func leave(_ slot: Int, _ zone: Int, reason: ObjectEvent.Reason?) {
        let track = zoneTracks[slot * zones.count + zone]
        inside[zone].decrement(track.classIndex)
        append(.leave, slot, zone, since: track.lastInside, reason: reason)
    }

    private mutating func append(
        _ kind: ObjectEvent.Kind, _ slot: Int, _ zone: Int, since time: Double,
        reason: ObjectEvent.Reason? = nil
    ) {
        var event = event(kind, slot)
        event.delay = now - time
        event.seconds = max(time - seen[slot].firstSeen, 0)
        event.place = .zone(
            ObjectEvent.Visit(
                zone: zone, dwell: zoneTracks[slot * zones.count + zone].dwell,
                inside: inside[zone].values.reduce(0, +), reason: reason))
        events.append(event)
    }

    /// Reports a visit that has lasted for the zone's time, once; time at rest counts for classes that loiter standing.
    private mutating func checkLoiter(_ slot: Int, _ zone: Int) {
        let track = zoneTracks[slot * zones.count + zone]
        let classIndex = track.classIndex
        guard !track.hasLoitered, let limit = zones[zone].loiterTime(of: classIndex) else { return }
        var time = track.dwell
        if !zones[zone].loitersStanding.contains(classIndex) {
            let rest = seen[slot].rest.rested(until: now, includingPresent: true) - track.rested
            time -= min(max(rest, 0), time)
        }
        guard time >= limit - 1e-6 else { return }
        zoneTracks[slot * zones.count + zone].hasLoitered = true
        append(.loiter, slot, zone, since: now)
    }

    /// Ends an object at every line and zone.
    mutating func leaveAll(_ slot: Int, _ reason: ObjectEvent.Reason) {
        for line in lines.indices {
            guard let passage = lineTracks[slot * lines.count + line].end() else { continue }
            cross(slot, line, passage, isShort: true)
        }
        for zone in zones.indices where zoneTracks[slot * zones.count + zone].isInside {
            leave(slot, zone, reason: reason)
        }
    }
}

extension [Int: Int] {
    /// Takes one off a count and forgets it at zero.
    fileprivate mutating func decrement(_ key: Int) {
        guard let count = self[key] else { return }
        self[key] = count > 1 ? count - 1 : nil
    }
}
