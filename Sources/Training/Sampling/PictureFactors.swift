public import Configuration

extension SamplingOptions {
    /// Repeat factor of each image: the maximum over its classes of √(rare share / share of images with the class),
    /// limited to 1...`repeatLimit`, times the weight of its set (Gupta et al., "LVIS", 2019). Images without objects
    /// use `emptyFactor`.
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
