extension MutablePicture {
    /// Blends a row of the first plane: luma, or all of packed RGB.
    mutating func blendFirstPlane(
        _ ink: Ink, _ y: Int, from column: Int, coverage: Span<UInt8>, range: Range<Int>
    ) {
        blend(ink, plane: 0, y, from: column, coverage: coverage, range: range)
    }

    /// Moves samples of one row towards the ink: `coverage[i]` belongs to column `column + i` of the plane.
    mutating func blend(
        _ ink: Ink, plane: Int, _ y: Int, from column: Int, coverage: Span<UInt8>,
        range: Range<Int>
    ) {
        let format = picture.format
        let brush = Brush(
            samples: ink.samples(ofPlane: plane, layout: format.layout),
            perColumn: format.samplesPerColumn(ofPlane: plane), shift: format.shift)
        if format.bytesPerSample == 1 {
            withRow(plane: plane, y) { row in
                brush.blend(&row, from: column, coverage: coverage, range: range)
            }
        } else {
            withWideRow(plane: plane, y) { row in
                brush.blend(&row, from: column, coverage: coverage, range: range)
            }
        }
    }
}

/// What is painted on one plane.
private struct Brush {
    /// The values of one column of the plane.
    let samples: InlineArray<3, UInt16>
    /// How many of them the plane has.
    let perColumn: Int
    /// Unused low bits of a stored sample.
    let shift: Int

    /// Blends the columns of `range`; a coverage of 0 leaves all bits as they are.
    @inline(__always)
    func blend<Sample: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ row: inout MutableSpan<Sample>, from column: Int, coverage: Span<UInt8>,
        range: Range<Int>
    ) {
        for component in 0..<perColumn {
            let ink = UInt32(samples[component])
            for i in range where coverage[i] > 0 {
                let position = (column + i) * perColumn + component
                let weight = UInt32(coverage[i])
                let old = UInt32(row[position]) >> UInt32(shift)
                let new = (old * (255 - weight) + ink * weight + 127) / 255
                row[position] = Sample(truncatingIfNeeded: new << UInt32(shift))
            }
        }
    }
}
