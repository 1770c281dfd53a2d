/// Colour as 8-bit red, green and blue, with the transfer curve of the picture it is drawn on.
public struct RGBColor: Hashable, Sendable {
    /// Red, 0 to 255.
    public var red: UInt8
    /// Green, 0 to 255.
    public var green: UInt8
    /// Blue, 0 to 255.
    public var blue: UInt8

    /// Creates a colour from its components.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Creates a colour from a hexadecimal RGB code, as on the web: `0xE69F00` is orange.
    public init(hex: UInt32) {
        self.init(
            red: UInt8(truncatingIfNeeded: hex >> 16), green: UInt8(truncatingIfNeeded: hex >> 8),
            blue: UInt8(truncatingIfNeeded: hex))
    }

    /// All components 0.
    public static let black = RGBColor(hex: 0x000000)
    /// All components 255.
    public static let white = RGBColor(hex: 0xFFFFFF)
}
