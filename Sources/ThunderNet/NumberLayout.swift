/// Where an engine puts the numbers of a map, or of rows of numbers.
package struct NumberLayout: Hashable, Sendable {
    /// Place of the first number.
    package var origin = 0
    /// From one channel of a cell to the next.
    package var channelStride: Int
    /// From one cell to the next, row by row.
    package var cellStride: Int

    /// A layout by its steps.
    package init(origin: Int = 0, channelStride: Int, cellStride: Int) {
        self.origin = origin
        self.channelStride = channelStride
        self.cellStride = cellStride
    }

    /// Place of the number of a channel and cell.
    func index(channel: Int, cell: Int) -> Int {
        origin + channel * channelStride + cell * cellStride
    }
}

extension Span<Float> {
    /// Four numbers at equal distances.
    func four(from start: Int, by step: Int) -> SIMD4<Float> {
        SIMD4(self[start], self[start + step], self[start + 2 * step], self[start + 3 * step])
    }
}
