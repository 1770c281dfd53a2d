import Testing

@testable import Tensors

struct ActivationBufferTests {
    @Test func sortedChannelsFormFewRanges() {
        let locations = [(1, 4), (0, 2), (1, 5), (0, 3), (0, 7)].map {
            ChannelLocation(buffer: $0.0, channel: $0.1)
        }
        let gather = ChannelGather(sorting: locations)
        #expect(
            gather.ranges == [
                ChannelRange(buffer: 0, first: 2, count: 2),
                ChannelRange(buffer: 0, first: 7, count: 1),
                ChannelRange(buffer: 1, first: 4, count: 2),
            ])
        #expect(gather.order == [1, 3, 4, 0, 2])
        #expect(ChannelGather(keeping: locations).ranges.count == 5)
    }

    @Test func paddedCountHoldsEveryRangeAsWholeVectors() {
        let locations = [(0, 0), (0, 1), (1, 0), (2, 0)].map {
            ChannelLocation(buffer: $0.0, channel: $0.1)
        }
        // Ranges start at 0, 2 and 3, and each is written eight floats long.
        #expect(ChannelGather(sorting: locations).paddedCount(width: 8) == 16)
    }

    @Test func borderedLayoutIndexesChannelsOfPixels() {
        let layout = MapLayout.bordered(Shape(channels: 3, height: 4, width: 5), border: 1)
        #expect(layout.rowStride == 32)
        #expect(layout.index(channel: 2, row: 1, column: 3) == 32 + 3 + 32 + 9 + 2)
    }
}
