/// The extent of one image's feature map, in the order channels, height, width (CHW).
///
/// A list of rows (regions of the second stage) is a map of width 1 with one row per height.
public struct Shape: Hashable, Sendable, CustomStringConvertible {
    /// Channels.
    public var channels: Int
    /// Rows.
    public var height: Int
    /// Columns.
    public var width: Int

    /// A shape by its extents, each at least 1.
    public init(channels: Int, height: Int, width: Int) {
        precondition(channels > 0 && height > 0 && width > 0, "a shape has no empty side")
        self.channels = channels
        self.height = height
        self.width = width
    }

    /// Places in the plane: height times width.
    public var area: Int { height * width }
    /// All elements.
    public var count: Int { channels * area }
    /// As written in tables: `132×40×40`.
    public var description: String { "\(channels)×\(height)×\(width)" }
}
