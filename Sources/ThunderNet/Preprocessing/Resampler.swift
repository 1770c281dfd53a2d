/// Resize of 8-bit RGB images, row by row, bit-identical to OpenCV.
struct Resampler: Sendable {
    /// Exactly one of the two is set.
    private var linear: LinearResampler?
    private var area: AreaResampler?
    /// Sizes of source and result.
    let placement: ImagePlacement
    /// The row written last: three integers per pixel, from 0 to 255.
    private(set) var row: [Float]

    /// Creates tables and rows for one placement.
    init(_ placement: ImagePlacement) {
        self.placement = placement
        let horizontal = Double(placement.imageWidth) / Double(placement.width)
        let vertical = Double(placement.imageHeight) / Double(placement.height)
        let averages = max(horizontal, vertical) > ImageInput.shrinkLimit
        // OpenCV averages only where neither side grows, else it interpolates with different weights.
        if averages && min(horizontal, vertical) >= 1 {
            area = AreaResampler(placement)
        } else {
            linear = LinearResampler(placement, isArea: averages)
        }
        row = Array(repeating: 0, count: 3 * placement.width)
    }

    /// Discards the cached rows of the previous image.
    mutating func startImage() {
        linear?.startImage()
        area?.startImage()
    }

    /// Writes row `number` of the result into ``row``.
    mutating func write(_ number: Int, of rgb: Span<UInt8>) {
        linear?.write(number, of: rgb, into: &row)
        area?.write(number, of: rgb, into: &row)
    }
}

/// Bilinear interpolation in fixed point.
private struct LinearResampler: Sendable {
    private let columns: LinearAxis
    private let rows: LinearAxis
    private let stride: Int
    private var upper: [Int32]
    private var lower: [Int32]
    private var upperRow: Int32 = -1
    private var lowerRow: Int32 = -1

    init(_ placement: ImagePlacement, isArea: Bool) {
        columns = LinearAxis(
            from: placement.imageWidth, to: placement.width, isArea: isArea, clampsWeights: true)
        rows = LinearAxis(
            from: placement.imageHeight, to: placement.height, isArea: isArea,
            clampsWeights: false)
        stride = 3 * placement.imageWidth
        upper = Array(repeating: 0, count: 3 * placement.width)
        lower = upper
    }

    mutating func startImage() { (upperRow, lowerRow) = (-1, -1) }

    mutating func write(_ number: Int, of rgb: Span<UInt8>, into row: inout [Float]) {
        let (near, far) = (rows.near[number], rows.far[number])
        if near == lowerRow {
            swap(&upper, &lower)
            swap(&upperRow, &lowerRow)
        }
        if near != upperRow { columns.interpolate(rgb, from: Int(near) * stride, into: &upper) }
        if far != lowerRow { columns.interpolate(rgb, from: Int(far) * stride, into: &lower) }
        (upperRow, lowerRow) = (near, far)
        mix(
            upper.span, lower.span, rows.nearWeight[number], rows.farWeight[number],
            into: row.mutableSpan)
    }
}

extension LinearAxis {
    /// Interpolates one row to the target's width, in 2048ths.
    fileprivate func interpolate(
        _ pixels: Span<UInt8>, from start: Int, into row: inout [Int32]
    ) {
        let count = near.count
        var row = row.mutableSpan
        for place in 0..<count {
            let (a, b) = (start + 3 * Int(near[place]), start + 3 * Int(far[place]))
            let (x, y) = (nearWeight[place], farWeight[place])
            for channel in 0..<3 {
                row[3 * place + channel] =
                    Int32(pixels[a + channel]) &* x &+ Int32(pixels[b + channel]) &* y
            }
        }
    }
}

/// Interpolates two rows in 2048ths to one of integers, with OpenCV's shifts.
private func mix(
    _ upper: Span<Int32>, _ lower: Span<Int32>, _ near: Int32, _ far: Int32,
    into row: consuming MutableSpan<Float>
) {
    let count = min(row.count, min(upper.count, lower.count))
    for index in 0..<count {
        let a = (near &* (upper[index] &>> 4)) &>> 16
        let b = (far &* (lower[index] &>> 4)) &>> 16
        row[index] = Float((a &+ b &+ 2) &>> 2)
    }
}

/// Area averaging as in OpenCV: in integers where both ratios are integers, else in floats.
private struct AreaResampler: Sendable {
    private let columns: AreaAxis
    private let rows: AreaAxis
    private let stride: Int
    private let isWhole: Bool
    private var line: [Float]
    private var lineRow: Int32 = -1

    init(_ placement: ImagePlacement) {
        columns = AreaAxis(from: placement.imageWidth, to: placement.width)
        rows = AreaAxis(from: placement.imageHeight, to: placement.height)
        stride = 3 * placement.imageWidth
        isWhole =
            placement.imageWidth.isMultiple(of: placement.width)
            && placement.imageHeight.isMultiple(of: placement.height)
        line = Array(repeating: 0, count: 3 * placement.width)
    }

    mutating func startImage() { lineRow = -1 }

    mutating func write(_ number: Int, of rgb: Span<UInt8>, into row: inout [Float]) {
        let (first, count) = (rows.first[number], rows.count[number])
        for index in 0..<count {
            let weight = isWhole ? 1 : rows.weights[Int(rows.offset[number] + index)]
            if lineRow != first + index {
                lineRow = first + index
                let start = Int(lineRow) * stride
                columns.average(
                    rgb.extracting(start..<start + stride), isWhole: isWhole, into: &line)
            }
            add(line.span, times: weight, isFirst: index == 0, to: row.mutableSpan)
        }
        finish(row.mutableSpan, area: Int(count) * Int(columns.count[0]))
    }

    /// Rounds sums to integers.
    ///
    /// OpenCV rounds ties up over 2×2 pixels, else to even.
    private func finish(_ row: consuming MutableSpan<Float>, area: Int) {
        if isWhole && columns.count[0] == 2 && area == 4 {
            for index in row.indices { row[index] = Float(Int32((row[index] + 2) * 0.25)) }
        } else {
            // Adding a number without fractional bits rounds to even.
            let whole: Float = 12_582_912
            let share = isWhole ? 1 / Float(area) : 1
            for index in row.indices {
                row[index] = max(0, min((row[index] * share + whole) - whole, 255))
            }
        }
    }
}

extension AreaAxis {
    /// Reduces one row to weighted sums, or to plain sums where `isWhole`.
    fileprivate func average(_ pixels: Span<UInt8>, isWhole: Bool, into row: inout [Float]) {
        let places = first.count
        var row = row.mutableSpan
        for place in 0..<places {
            let (start, weight) = (3 * Int(first[place]), Int(offset[place]))
            var sum = SIMD3<Float>()
            for index in 0..<Int(count[place]) {
                let pixel = SIMD3<Float>(
                    Float(pixels[start + 3 * index]), Float(pixels[start + 3 * index + 1]),
                    Float(pixels[start + 3 * index + 2]))
                sum += pixel * (isWhole ? 1 : weights[weight + index])
            }
            for channel in 0..<3 { row[3 * place + channel] = sum[channel] }
        }
    }
}

private func add(
    _ line: Span<Float>, times weight: Float, isFirst: Bool, to row: consuming MutableSpan<Float>
) {
    let count = min(line.count, row.count)
    if isFirst {
        for index in 0..<count { row[index] = line[index] * weight }
    } else {
        for index in 0..<count { row[index] += line[index] * weight }
    }
}
