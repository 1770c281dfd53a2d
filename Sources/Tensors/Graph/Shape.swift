/// Shape of one image's feature map: channels, height, width (CHW).
///
/// A list of regions is a map of width 1 with one row per region.
public struct Shape: Hashable, Sendable, CustomStringConvertible {
    /// Channels.
    public var channels: Int
    /// Rows.
    public var height: Int
    /// Columns.
    public var width: Int

    /// Creates a shape; all sides are at least 1.
    public init(channels: Int, height: Int, width: Int) {
        precondition(channels > 0 && height > 0 && width > 0, "all sides of a shape are at least 1")
        self.channels = channels
        self.height = height
        self.width = width
    }

    /// Height times width.
    public var area: Int { height * width }
    /// Number of elements.
    public var count: Int { channels * area }
    /// Text such as `132×40×40`.
    public var description: String { "\(channels)×\(height)×\(width)" }
}
