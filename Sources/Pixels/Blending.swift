extension MutablePicture {
    /// Blends samples of some rows with the ink: `coverage[i]` (0 to 255) applies to column `column + i` of the plane.
    mutating func blend(
        _ ink: Ink, plane: Int, rows: Range<Int>, from column: Int, coverage: Span<UInt8>,
        range: Range<Int>
    ) {
        let format = picture.format
        let columns = format.columns(ofPlane: plane, width: picture.width)
        precondition(range.lowerBound >= 0 && range.upperBound <= coverage.count, "no coverage")
        precondition(column + range.lowerBound >= 0 && column + range.upperBound <= columns)
        let perColumn = format.samplesPerColumn(ofPlane: plane)
        let values = ink.samples(ofPlane: plane, layout: format.layout)
        let first = (column + range.lowerBound) * perColumn
        // SAFETY: both preconditions above keep every access below inside the row and inside `coverage`; the
        // row belongs to this picture alone, and the pointers do not escape this call.
        unsafe coverage.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress, !range.isEmpty else { return }
            let weights = unsafe start + range.lowerBound
            for y in rows {
                for component in 0..<perColumn {
                    unsafe blend(
                        values[component], plane, y, first + component, step: perColumn, weights,
                        range.count)
                }
            }
        }
    }

    /// Blends one component of a row, starting at the sample `first`.
    @unsafe private mutating func blend(
        _ ink: UInt16, _ plane: Int, _ y: Int, _ first: Int, step: Int,
        _ weights: UnsafePointer<UInt8>, _ count: Int
    ) {
        if picture.format.bytesPerSample == 1 {
            let row = unsafe picture.row(plane: plane, y, as: UInt8.self)
            guard let samples = row.baseAddress else { return }
            unsafe blend8(samples + first, step: step, weights, count, ink: ink)
        } else {
            let row = unsafe picture.row(plane: plane, y, as: UInt16.self)
            guard let samples = row.baseAddress else { return }
            unsafe blend16(
                samples + first, step: step, weights, count, ink: ink, shift: picture.format.shift)
        }
    }
}

/// Blends `count` 8-bit samples, `step` apart, with one weight each; 0 keeps a sample and 255 replaces it.
@unsafe private func blend8(
    _ samples: UnsafeMutablePointer<UInt8>, step: Int, _ weights: UnsafePointer<UInt8>,
    _ count: Int, ink: UInt16
) {
    guard step == 1 else {
        for i in 0..<count {
            unsafe samples[i * step] = mixed(samples[i * step], ink, weights[i])
        }
        return
    }
    for i in 0..<count {
        unsafe samples[i] = mixed(samples[i], ink, weights[i])
    }
}

/// Blends `count` 16-bit samples, `step` apart, with one weight each; 0 keeps all bits of the word.
@unsafe private func blend16(
    _ samples: UnsafeMutablePointer<UInt16>, step: Int, _ weights: UnsafePointer<UInt8>,
    _ count: Int, ink: UInt16, shift: Int
) {
    for i in 0..<count where unsafe weights[i] > 0 {
        let weight = unsafe UInt32(weights[i])
        let old = unsafe UInt32(samples[i * step]) >> UInt32(shift)
        let new = (old * (255 - weight) + UInt32(ink) * weight + 127) / 255
        unsafe samples[i * step] = UInt16(truncatingIfNeeded: new << UInt32(shift))
    }
}

/// Weighted mean of two 8-bit values, rounded to nearest without a division.
@inline(__always)
private func mixed(_ old: UInt8, _ ink: UInt16, _ weight: UInt8) -> UInt8 {
    let sum = UInt32(old) &* UInt32(255 &- weight) &+ UInt32(ink) &* UInt32(weight) &+ 128
    return UInt8(truncatingIfNeeded: (sum &+ sum >> 8) >> 8)
}
