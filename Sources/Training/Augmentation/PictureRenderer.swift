internal import Datasets
internal import Scene

/// Renders inputs on the CPU as 8-bit RGB, before the color transform (``InputWriter``).
///
/// Buffers are reused between images; use one renderer per thread.
public struct PictureRenderer: Sendable {
    /// Copies of the current image with half, a quarter and an eighth of its size.
    private var halves: [[UInt8]] = [[], [], []]
    private var columns = PatchColumns()
    private var upper: [UInt16] = []
    private var lower: [UInt16] = []
    /// Earlier patches' pixels of the current row, for blending.
    private var below: [UInt8] = []

    /// Creates a renderer without buffers.
    public init() {}

    /// Renders an input into a canvas of its size: 8-bit RGB, rows without padding.
    public mutating func render(
        _ plan: PicturePlan, from source: some PixelSource, into canvas: inout [UInt8]
    ) {
        let count = 3 * plan.extent.width * plan.extent.height
        if canvas.count != count { canvas = [UInt8](repeating: 0, count: count) }
        for patch in plan.patches {
            source.withPixels(of: patch.picture) { rgb, width, height in
                precondition(rgb.count >= 3 * width * height, "the pixels are incomplete")
                draw(patch, rgb, width, height, on: &canvas, plan.extent.width)
            }
        }
    }

    /// Draws a patch, from a smaller copy if it is reduced strongly.
    private mutating func draw(
        _ patch: PicturePatch, _ rgb: Span<UInt8>, _ width: Int, _ height: Int,
        on canvas: inout [UInt8], _ canvasWidth: Int
    ) {
        let level = patch.level
        guard level > 0 else {
            return draw(patch, rgb, width, height, scale: 1, on: &canvas, canvasWidth)
        }
        var (width, height) = (width, height)
        for step in 0..<level {
            var half: [UInt8] = []
            swap(&half, &halves[step])
            if step == 0 {
                halve(rgb, width, height, into: &half)
            } else {
                let larger = halves[step - 1]
                halve(larger.span, width, height, into: &half)
            }
            swap(&half, &halves[step])
            (width, height) = (max(1, width / 2), max(1, height / 2))
        }
        let copy = halves[level - 1]
        draw(
            patch, copy.span, width, height, scale: 1 / Float(1 << level), on: &canvas,
            canvasWidth)
    }

    /// Draws a patch from pixels with coordinates `scale` times those of the stored image.
    private mutating func draw(
        _ patch: PicturePatch, _ rgb: Span<UInt8>, _ width: Int, _ height: Int, scale: Float,
        on canvas: inout [UInt8], _ canvasWidth: Int
    ) {
        let target = patch.target
        columns.prepare(patch, width: width, scale: scale)
        if upper.count != 3 * target.width {
            upper = [UInt16](repeating: 0, count: 3 * target.width)
            lower = upper
        }
        let (c, d) = (patch.transform.z * scale, patch.transform.w * scale)
        var (upperRow, lowerRow) = (-1, -1)
        var pixels = canvas.mutableSpan
        for row in target.top..<target.top + target.height {
            let start = 3 * (row * canvasWidth + target.left)
            var line = pixels._mutatingExtracting(start..<start + 3 * target.width)
            if patch.feather > 0 { keep(line.span) }
            let y = c * (Float(row) + 0.5) + d
            if y >= 0 && y < Float(height) {
                let (near, far, weight) = Self.neighbors(y, height)
                if near == lowerRow {
                    swap(&upper, &lower)
                    swap(&upperRow, &lowerRow)
                }
                if near != upperRow {
                    columns.interpolate(rgb, from: 3 * near * width, into: &upper)
                    upperRow = near
                }
                if far != lowerRow {
                    columns.interpolate(rgb, from: 3 * far * width, into: &lower)
                    lowerRow = far
                }
                mix(upper.span, lower.span, weight, into: &line)
                fill(&line, 0..<columns.inside.lowerBound)
                fill(&line, columns.inside.upperBound..<target.width)
            } else {
                fill(&line, 0..<target.width)
            }
            if patch.feather > 0 { fade(&line, row - target.top, patch) }
        }
    }

    /// The two pixels around a point, and the weight of the second in 128ths.
    static func neighbors(_ point: Float, _ count: Int) -> (near: Int, far: Int, weight: UInt16) {
        let shifted = max(0, point - 0.5)
        let near = min(Int(shifted), count - 1)
        let weight = UInt16(((shifted - Float(near)) * 128).rounded())
        return (near, min(near + 1, count - 1), min(weight, 128))
    }

    private mutating func keep(_ line: Span<UInt8>) {
        below.removeAll(keepingCapacity: true)
        for index in line.indices { below.append(line[index]) }
    }

    /// Blends a row with the earlier patches' pixels near the patch's border.
    private func fade(_ line: inout MutableSpan<UInt8>, _ row: Int, _ patch: PicturePatch) {
        let target = patch.target
        let vertical = min(row, target.height - 1 - row)
        for column in 0..<target.width {
            let distance = min(vertical, min(column, target.width - 1 - column))
            guard distance < patch.feather else { continue }
            let (share, whole) = (2 * distance + 1, 2 * patch.feather)
            for index in 3 * column..<3 * column + 3 {
                let sum = Int(line[index]) * share + Int(below[index]) * (whole - share)
                line[index] = UInt8((sum + patch.feather) / whole)
            }
        }
    }
}

/// Horizontal interpolation of a patch: the source pixels of each column.
private struct PatchColumns: Sendable {
    /// Columns with points inside the image.
    private(set) var inside = 0..<0
    private var near: [Int32] = []
    private var far: [Int32] = []
    private var weight: [UInt16] = []

    mutating func prepare(_ patch: PicturePatch, width: Int, scale: Float) {
        let (a, b) = (patch.transform.x * scale, patch.transform.y * scale)
        near.removeAll(keepingCapacity: true)
        far.removeAll(keepingCapacity: true)
        weight.removeAll(keepingCapacity: true)
        var (first, end) = (patch.target.width, 0)
        for column in 0..<patch.target.width {
            let x = a * (Float(patch.target.left + column) + 0.5) + b
            if x >= 0 && x < Float(width) {
                first = min(first, column)
                end = column + 1
            }
            let place = PictureRenderer.neighbors(max(0, min(x, Float(width))), width)
            near.append(Int32(3 * place.near))
            far.append(Int32(3 * place.far))
            weight.append(place.weight)
        }
        inside = first < end ? first..<end : 0..<0
    }

    /// Interpolates one row of pixels horizontally, to 128ths.
    func interpolate(_ rgb: Span<UInt8>, from start: Int, into row: inout [UInt16]) {
        var row = row.mutableSpan
        for column in inside {
            let (a, b) = (start + Int(near[column]), start + Int(far[column]))
            let farther = weight[column]
            let nearer = 128 &- farther
            for channel in 0..<3 {
                row[3 * column + channel] =
                    UInt16(rgb[a + channel]) &* nearer &+ UInt16(rgb[b + channel]) &* farther
            }
        }
    }
}

/// Interpolates two rows in 128ths vertically, to bytes.
private func mix(
    _ upper: Span<UInt16>, _ lower: Span<UInt16>, _ weight: UInt16,
    into line: inout MutableSpan<UInt8>
) {
    let (nearer, farther) = (UInt32(128 &- weight), UInt32(weight))
    let count = min(line.count, min(upper.count, lower.count))
    for index in 0..<count {
        let sum = UInt32(upper[index]) &* nearer &+ UInt32(lower[index]) &* farther
        line[index] = UInt8(truncatingIfNeeded: (sum &+ 8192) &>> 14)
    }
}

private func fill(_ line: inout MutableSpan<UInt8>, _ columns: Range<Int>) {
    for column in columns {
        for channel in 0..<3 { line[3 * column + channel] = PicturePlan.fill[channel] }
    }
}

/// Halves an image by rounded means of 2 × 2 pixels; a last odd row or column is dropped.
func halve(_ rgb: Span<UInt8>, _ width: Int, _ height: Int, into half: inout [UInt8]) {
    let (halfWidth, halfHeight) = (max(1, width / 2), max(1, height / 2))
    let count = 3 * halfWidth * halfHeight
    if half.count != count { half = [UInt8](repeating: 0, count: count) }
    var half = half.mutableSpan
    let right = width > 1 ? 3 : 0
    for row in 0..<halfHeight {
        let upper = rgb.extracting(3 * width * min(2 * row, height - 1)..<rgb.count)
        let lower = rgb.extracting(3 * width * min(2 * row + 1, height - 1)..<rgb.count)
        for column in 0..<halfWidth {
            for channel in 0..<3 {
                let place = 6 * column + channel
                let sum =
                    UInt16(upper[place]) &+ UInt16(upper[place + right]) &+ UInt16(lower[place])
                    &+ UInt16(lower[place + right])
                half[3 * (row * halfWidth + column) + channel] = UInt8((sum &+ 2) &>> 2)
            }
        }
    }
}
