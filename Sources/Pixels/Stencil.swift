/// Paints antialiased shapes on the planes of a picture.
///
/// A shape is given by the coverage of each luma pixel, 0 to 255, row by row. Luma is blended by the coverage;
/// chroma by the mean coverage of the luma pixels that share the sample. Uncovered samples keep their bits.
/// Row buffers are reused, so painting allocates nothing once they fit the picture.
public struct Stencil: Sendable {
    private var coverage: [UInt8] = []
    private var sums: [UInt32] = []

    /// Creates a stencil; its buffers grow with the first picture.
    public init() {}

    /// Paints a shape within `columns` and `rows`, clipped to the picture.
    ///
    /// `shape` is called once per row from top to bottom with the row's number, the visible columns and a row of
    /// zeros, at least one for each column. It writes coverages there, the first column's at index 0, and returns
    /// the range of indices it wrote.
    public mutating func paint(
        _ ink: Ink, columns: Range<Int>, rows: Range<Int>, on target: inout MutablePicture,
        shape: (_ y: Int, _ columns: Range<Int>, _ row: inout MutableSpan<UInt8>) -> Range<Int>
    ) {
        let columns = columns.clamped(to: 0..<target.picture.width)
        let rows = rows.clamped(to: 0..<target.picture.height)
        guard !columns.isEmpty, !rows.isEmpty else { return }
        reserve(target.picture.width)
        let chromaShift = target.picture.format.chromaShiftY
        for y in rows {
            var row = coverage.mutableSpan
            let written = shape(y, columns, &row).clamped(to: 0..<columns.count)
            target.blend(
                ink, plane: 0, rows: y..<y + 1, from: columns.lowerBound, coverage: coverage.span,
                range: written)
            accumulate(written, from: columns.lowerBound, format: target.picture.format)
            let isLastOfBlock = (y + 1) & ((1 << chromaShift) - 1) == 0 || y + 1 == rows.upperBound
            if isLastOfBlock { blendChroma(ink, y >> chromaShift, columns: columns, on: &target) }
        }
    }

    /// Paints a mask of coverages, `columns.count` bytes per row, which starts at `offset`.
    public mutating func paint(
        _ ink: Ink, mask: [UInt8], offset: Int, columns: Range<Int>, rows: Range<Int>,
        on target: inout MutablePicture
    ) {
        precondition(offset >= 0 && offset + columns.count * rows.count <= mask.count)
        paint(ink, columns: columns, rows: rows, on: &target) { y, visible, row in
            let start =
                offset + (y - rows.lowerBound) * columns.count + visible.lowerBound
                - columns.lowerBound
            let source = mask.span.extracting(start..<start + visible.count)
            for i in source.indices { row[i] = source[i] }
            return source.indices
        }
    }

    /// Paints a rectangle of uniform opacity; 255 is opaque.
    public mutating func fill(
        _ ink: Ink, opacity: UInt8 = 255, columns: Range<Int>, rows: Range<Int>,
        on target: inout MutablePicture
    ) {
        let columns = columns.clamped(to: 0..<target.picture.width)
        let rows = rows.clamped(to: 0..<target.picture.height)
        guard !columns.isEmpty, !rows.isEmpty else { return }
        reserve(target.picture.width)
        for i in 0..<columns.count { coverage[i] = opacity }
        target.blend(
            ink, plane: 0, rows: rows, from: columns.lowerBound, coverage: coverage.span,
            range: 0..<columns.count)
        fillChroma(ink, UInt32(opacity), columns: columns, rows: rows, on: &target)
        for i in 0..<columns.count { coverage[i] = 0 }
    }

    /// Fills the chroma of a rectangle: the first and last rows may be partly covered, those between are uniform.
    private mutating func fillChroma(
        _ ink: Ink, _ opacity: UInt32, columns: Range<Int>, rows: Range<Int>,
        on target: inout MutablePicture
    ) {
        let shift = target.picture.format.chromaShiftY
        let first = rows.lowerBound >> shift
        let last = (rows.upperBound - 1) >> shift
        guard target.picture.format.planeCount > 1 else { return }
        let parts: InlineArray<3, Range<Int>> = [
            first..<first + 1, min(first + 1, last)..<last, max(last, first + 1)..<last + 1,
        ]
        for index in parts.indices where !parts[index].isEmpty {
            fillChroma(ink, opacity, columns, rows, alike: parts[index], on: &target)
        }
    }

    /// Fills chroma rows of equal coverage.
    private mutating func fillChroma(
        _ ink: Ink, _ opacity: UInt32, _ columns: Range<Int>, _ rows: Range<Int>,
        alike chromaRows: Range<Int>, on target: inout MutablePicture
    ) {
        let format = target.picture.format
        let vertical = ChromaBlock(
            chromaRows.lowerBound, format.chromaShiftY, target.picture.height)
        let first = columns.lowerBound >> format.chromaShiftX
        let count = (columns.upperBound - 1) >> format.chromaShiftX - first + 1
        for i in 0..<count {
            let horizontal = ChromaBlock(first + i, format.chromaShiftX, target.picture.width)
            let covered = horizontal.covered(by: columns) * vertical.covered(by: rows)
            let area = UInt32(horizontal.size * vertical.size)
            coverage[i] = UInt8((opacity * UInt32(covered) + area / 2) / area)
        }
        for plane in 1..<format.planeCount {
            target.blend(
                ink, plane: plane, rows: chromaRows, from: first, coverage: coverage.span,
                range: 0..<count)
        }
    }

    /// Grows the buffers to the width of the picture.
    private mutating func reserve(_ width: Int) {
        guard coverage.count < width else { return }
        coverage = [UInt8](repeating: 0, count: width)
        sums = [UInt32](repeating: 0, count: width)
    }

    /// Adds a row's coverage to the sums of its chroma columns and clears it.
    private mutating func accumulate(_ range: Range<Int>, from column: Int, format: PixelFormat) {
        let shift = format.chromaShiftX
        let first = column >> shift
        // SAFETY: `range` is within `coverage`, and `sums` is as long; the buffers are two arrays of this value.
        unsafe sums.withUnsafeMutableBufferPointer { sums in
            unsafe coverage.withUnsafeMutableBufferPointer { row in
                for i in range {
                    unsafe sums[(column + i) >> shift - first] &+= UInt32(row[i])
                    unsafe row[i] = 0
                }
            }
        }
    }

    /// Blends one row of chroma by the accumulated sums and clears them.
    private mutating func blendChroma(
        _ ink: Ink, _ chromaRow: Int, columns: Range<Int>, on target: inout MutablePicture
    ) {
        let format = target.picture.format
        let first = columns.lowerBound >> format.chromaShiftX
        let count = (columns.upperBound - 1) >> format.chromaShiftX - first + 1
        guard format.planeCount > 1 else {
            for i in 0..<count { sums[i] = 0 }
            return
        }
        let height = ChromaBlock(chromaRow, format.chromaShiftY, target.picture.height).size
        for i in 0..<count where sums[i] > 0 {
            let width = ChromaBlock(first + i, format.chromaShiftX, target.picture.width).size
            let area = UInt32(height * width)
            coverage[i] = UInt8((sums[i] + area / 2) / area)
            sums[i] = 0
        }
        for plane in 1..<format.planeCount {
            target.blend(
                ink, plane: plane, rows: chromaRow..<chromaRow + 1, from: first,
                coverage: coverage.span, range: 0..<count)
        }
        for i in 0..<count { coverage[i] = 0 }
    }
}

/// Luma rows or columns that share a chroma sample; fewer at an odd edge.
private struct ChromaBlock {
    let start: Int
    let end: Int

    var size: Int { end - start }

    init(_ index: Int, _ shift: Int, _ limit: Int) {
        start = index << shift
        end = min((index + 1) << shift, limit)
    }

    /// Number of them within a range.
    func covered(by range: Range<Int>) -> Int {
        min(end, range.upperBound) - max(start, range.lowerBound)
    }
}
