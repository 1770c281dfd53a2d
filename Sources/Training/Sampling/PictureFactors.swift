public import Configuration

extension SamplingOptions {
    /// How often each picture comes in an epoch, on average: the greatest root of the rare share over the share of
    /// pictures that show one of its classes, times the weight of its set.
    public func factors(_ set: TrainingSet) -> [Double] {
        let total = Double(max(1, set.pictures.count))
        let ofClass = set.pictureCounts.map { count -> Double in
            guard count > 0 else { return 1 }
            let factor = (rareShare * total / Double(count)).squareRoot()
            return max(1, min(factor, repeatLimit))
        }
        return set.pictures.map { picture in
            let best = picture.classes.map { ofClass[$0] }.max() ?? emptyFactor
            return best * set.weights[picture.set]
        }
    }
}
