public import Configuration

extension RateSchedule {
    /// Learning rate at a position of the run.
    public func rate(at place: StepPlace) -> Double {
        let rise = warmUp > 0 ? min(1, Double(place.step + 1) / Double(warmUp)) : 1
        switch shape {
        case .cosine:
            let progress = min(max(place.progress, 0), 1)
            return rate * rise * (end + (1 - end) * 0.5 * (1 + cosine(of: progress)))
        case .steps:
            let passed = milestones.count { $0 <= place.progress }
            return (0..<passed).reduce(rate * rise) { rate, _ in rate * factor }
        }
    }
}
