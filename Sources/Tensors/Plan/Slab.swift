/// Memory for one map inside a plan's ``ArenaLayout``: pixel after pixel, channels innermost.
struct Slab: Hashable, Sendable {
    /// How the floats lie.
    let layout: MapLayout
    /// All floats, with the slack that whole-vector access needs.
    let floats: Int
    /// The steps from the first write to the last read.
    var lifetime: ClosedRange<Int>
}

/// How a map lies in the memory that a ``Plan`` lends.
public struct MapLayout: Hashable, Sendable {
    /// The extent of the map.
    public let shape: Shape
    /// Where channel 0 of the upper left pixel stands.
    public let origin: Int
    /// Floats from a pixel to its right neighbour; the channels of a pixel are adjacent.
    public let pixelStride: Int
    /// Floats from a pixel to the one below.
    public let rowStride: Int
    /// The position of each channel among those of a pixel; nil where they stand in their order.
    public private(set) var positions: [Int]?

    init(shape: Shape, origin: Int, pixelStride: Int, rowStride: Int) {
        (self.shape, self.origin) = (shape, origin)
        (self.pixelStride, self.rowStride) = (pixelStride, rowStride)
    }

    /// Where a channel of a pixel stands.
    public func index(channel: Int, row: Int, column: Int) -> Int {
        origin + row * rowStride + column * pixelStride + (positions?[channel] ?? channel)
    }

    /// The channel that stands at each position.
    var order: [Int] {
        var order = Array(0..<shape.channels)
        for (channel, position) in (positions ?? []).enumerated() { order[position] = channel }
        return order
    }

    /// Some channels of the same map, and which of them stands at each position, if not in their order.
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

    /// A map whose pixels are padded to whole vectors.
    static func padded(_ shape: Shape, pixelStride: Int) -> MapLayout {
        MapLayout(
            shape: shape, origin: 0, pixelStride: pixelStride, rowStride: shape.width * pixelStride)
    }

    /// An interleaved image inside a border of zeros; rows start on cache lines.
    static func bordered(_ shape: Shape, border: Int) -> MapLayout {
        let row = ((shape.width + 2 * border) * shape.channels).roundedUp(to: 16)
        return MapLayout(
            shape: shape, origin: border * row + border * shape.channels,
            pixelStride: shape.channels, rowStride: row)
    }
}

/// Where a channel of some value stands: the channel of the slab it was written to.
struct ChannelPlace: Hashable, Sendable {
    var slab: Int
    var channel: Int
}

/// Adjacent channels of one slab.
struct ChannelRange: Hashable, Sendable {
    var slab: Int
    var first: Int
    var count: Int
}

/// The channels of a value as a kernel reads them: as few ranges as there are, in an order of their own.
struct ChannelReading: Hashable, Sendable {
    /// Ranges that do not touch each other.
    private(set) var ranges: [ChannelRange] = []
    /// For each position in the ranges, which channel of the value stands there.
    private(set) var order: [Int] = []

    /// Sorts channels by where they stand, so that neighbours come together.
    init(sorting places: [ChannelPlace]) {
        let order = places.indices.sorted {
            (places[$0].slab, places[$0].channel, $0) < (places[$1].slab, places[$1].channel, $1)
        }
        self.init(places, order: order)
    }

    /// Keeps the channels' own order, in as many ranges as that takes.
    init(keeping places: [ChannelPlace]) {
        self.init(places, order: Array(places.indices))
    }

    private init(_ places: [ChannelPlace], order: [Int]) {
        self.order = order
        for place in order.map({ places[$0] }) {
            if let last = ranges.last, last.slab == place.slab,
                last.first + last.count == place.channel
            {
                ranges[ranges.count - 1].count += 1
            } else {
                ranges.append(ChannelRange(slab: place.slab, first: place.channel, count: 1))
            }
        }
    }

    /// Floats a pixel of the result needs when every range is written as whole vectors, one after another.
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
