public import Configuration

extension SamplingOptions {
    /// Repeat factor of each image (Gupta et al., "LVIS", 2019).
    ///
    /// The factor is the maximum over the image's classes of √(rare share / share of images with the class), at least 1
    /// and at most `repeatLimit`, times the weight of its set. Images without objects use `emptyFactor`.
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
