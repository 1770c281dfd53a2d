extension TrainSettingTable {
    /// Settings of `task: classification`.
    static let classification: [Setting<TrainDescription>] = [
        .optional(
            key: "classification.classes", option: nil, \.classification.classCount,
            .integer(in: 2...100_000),
            "Number of classes, the first by name; all by default."),
        .one(
            key: "classification.stem-stride", option: nil, \.classification.stemStride,
            .oneOf(ClassificationOptions.stemStrides),
            "Stride of the first layers: 4, or 2 or 1 for small images."),
        .one(
            key: "classification.smoothing", option: nil, \.classification.smoothing,
            .number(in: 0...0.9),
            "Share of the target that all classes divide among them (label smoothing)."),
        .one(
            key: "classification.least-area", option: nil, \.classification.leastArea,
            .number(in: 0.01...1),
            "Minimum area of a random crop relative to the image's."),
        .one(
            key: "classification.recalibration", option: nil, \.classification.recalibration,
            .integer(in: 0...100_000),
            "Batches that measure the statistics of normalizations anew at the end; 0 for none."),
    ]
}

extension SettingFormat<Int> {
    /// One of several whole numbers.
    fileprivate static func oneOf(_ numbers: [Int]) -> Self {
        let words = numbers.map { "\($0)" }.joined(separator: ", ")
        let format = Self.integer(in: numbers[0]...numbers[numbers.count - 1])
        return Self(
            form: format.form,
            read: { (text) throws(SettingError) in
                guard let value = Int(text), numbers.contains(value) else {
                    throw SettingError(message: "must be one of \(words), not \"\(text)\"")
                }
                return value
            }, write: format.write)
    }
}
