/// A feature map inside a plan's ``ArenaLayout``: pixels in raster order, channels innermost (NHWC).
struct ActivationBuffer: Hashable, Sendable {
    /// Layout of the floats.
    let layout: MapLayout
    /// All floats, including the slack that whole-vector access needs.
    let floats: Int
    /// The steps from the first write to the last read.
    var lifetime: ClosedRange<Int>
}

/// Layout of a map in the memory that a ``Plan`` lends.
public struct MapLayout: Hashable, Sendable {
    /// The extent of the map.
    public let shape: Shape
    /// Index of channel 0 of the upper left pixel.
    public let origin: Int
    /// Floats from a pixel to its right neighbour.
    ///
    /// The channels of a pixel are adjacent.
    public let pixelStride: Int
    /// Floats from a pixel to the one below.
    public let rowStride: Int
    /// Position of each channel within a pixel; nil where channels keep their order.
    public private(set) var positions: [Int]?

    init(shape: Shape, origin: Int, pixelStride: Int, rowStride: Int) {
        (self.shape, self.origin) = (shape, origin)
        (self.pixelStride, self.rowStride) = (pixelStride, rowStride)
    }

    /// Index of a channel of a pixel.
    public func index(channel: Int, row: Int, column: Int) -> Int {
        origin + row * rowStride + column * pixelStride + (positions?[channel] ?? channel)
    }

    /// The channel at each position.
    var order: [Int] {
        var order = Array(0..<shape.channels)
        for (channel, position) in (positions ?? []).enumerated() { order[position] = channel }
        return order
    }

    /// A range of channels of the same map; `order` lists the channel at each position, nil keeps their order.
    func channels(_ range: Range<Int>, order: [Int]? = nil) -> MapLayout {
        let shape = Shape(channels: range.count, height: shape.height, width: shape.width)
        var layout = MapLayout(
            shape: shape, origin: origin + range.lowerBound, pixelStride: pixelStride,
            rowStride: rowStride)
        layout.positions = order.map { order in
            var positions = order
            for (position, channel) in order.enumerated() { positions[channel] = position }
            return positions
        }
        return layout
    }

    /// A map whose pixels are padded to `pixelStride` floats.
    static func padded(_ shape: Shape, pixelStride: Int) -> MapLayout {
        MapLayout(
            shape: shape, origin: 0, pixelStride: pixelStride, rowStride: shape.width * pixelStride)
    }

    /// An interleaved image inside a border of zeros, each row aligned to a cache line.
    static func bordered(_ shape: Shape, border: Int) -> MapLayout {
        let row = ((shape.width + 2 * border) * shape.channels).roundedUp(to: 16)
        return MapLayout(
            shape: shape, origin: border * row + border * shape.channels,
            pixelStride: shape.channels, rowStride: row)
    }
}

/// Location of a channel of a value: a channel of the buffer it was written to.
struct ChannelLocation: Hashable, Sendable {
    var buffer: Int
    var channel: Int
}

/// Adjacent channels of one buffer.
struct ChannelRange: Hashable, Sendable {
    var buffer: Int
    var first: Int
    var count: Int
}

/// The channels of a value as a kernel reads them: as few ranges as possible, in an order of their own.
struct ChannelGather: Hashable, Sendable {
    /// Ranges that do not touch each other.
    private(set) var ranges: [ChannelRange] = []
    /// The channel of the value at each position in the ranges.
    private(set) var order: [Int] = []

    /// Sorts channels by location, so that neighbours are read together.
    init(sorting locations: [ChannelLocation]) {
        let order = locations.indices.sorted {
            let (a, b) = (locations[$0], locations[$1])
            return (a.buffer, a.channel, $0) < (b.buffer, b.channel, $1)
        }
        self.init(locations, order: order)
    }

    /// Keeps the order of the channels, in as many ranges as that takes.
    init(keeping locations: [ChannelLocation]) {
        self.init(locations, order: Array(locations.indices))
    }

    private init(_ locations: [ChannelLocation], order: [Int]) {
        self.order = order
        for location in order.map({ locations[$0] }) {
            if let last = ranges.last, last.buffer == location.buffer,
                last.first + last.count == location.channel
            {
                ranges[ranges.count - 1].count += 1
            } else {
                ranges.append(
                    ChannelRange(buffer: location.buffer, first: location.channel, count: 1))
            }
        }
    }

    /// Floats per pixel of a result in which every range is written as whole vectors, one after another.
    func paddedCount(width: Int) -> Int {
        var start = 0
        var end = 0
        for range in ranges {
            end = max(end, start + range.count.roundedUp(to: width))
            start += range.count
        }
        return end.roundedUp(to: width)
    }
}

extension Int {
    /// The least multiple of `step` that is not smaller.
    func roundedUp(to step: Int) -> Int { (self + step - 1) / step * step }
}
