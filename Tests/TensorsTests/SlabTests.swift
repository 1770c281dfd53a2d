import Testing

@testable import Tensors

struct SlabTests {
    @Test func sortedChannelsFormFewRanges() {
        let places = [(1, 4), (0, 2), (1, 5), (0, 3), (0, 7)].map {
            ChannelPlace(slab: $0.0, channel: $0.1)
        }
        let reading = ChannelReading(sorting: places)
        #expect(
            reading.ranges == [
                ChannelRange(slab: 0, first: 2, count: 2),
                ChannelRange(slab: 0, first: 7, count: 1),
                ChannelRange(slab: 1, first: 4, count: 2),
            ])
        #expect(reading.order == [1, 3, 4, 0, 2])
        #expect(ChannelReading(keeping: places).ranges.count == 5)
    }

    @Test func paddingHoldsEveryRangeAsWholeVectors() {
        let places = [(0, 0), (0, 1), (1, 0), (2, 0)].map {
            ChannelPlace(slab: $0.0, channel: $0.1)
        }
        // Ranges start at 0, 2 and 3, and each is written eight floats long.
        #expect(ChannelReading(sorting: places).paddedCount(width: 8) == 16)
    }

    @Test func layoutFindsEveryNumber() {
        let layout = MapLayout.bordered(Shape(channels: 3, height: 4, width: 5), border: 1)
        #expect(layout.rowStride == 32)
        #expect(layout.index(channel: 2, row: 1, column: 3) == 32 + 3 + 32 + 9 + 2)
    }
}
