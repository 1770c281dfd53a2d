public import Pixels

#if canImport(Glibc)
    internal import Glibc
#endif

/// Cyclic list of colours.
public struct Palette: Hashable, Sendable {
    /// Colours, at least one.
    public let colors: [RGBColor]

    /// Creates a palette; `colors` must not be empty.
    public init(_ colors: [RGBColor]) {
        precondition(!colors.isEmpty, "a palette needs a colour")
        self.colors = colors
    }

    /// Seven colours that remain distinguishable with the common colour-vision deficiencies.
    ///
    /// Masataka Okabe and Kei Ito, "Color Universal Design" (2008), without black, which is too common on roads;
    /// ordered so that neighbours differ most.
    public static let okabeIto = Palette([
        RGBColor(hex: 0xE69F00), RGBColor(hex: 0x56B4E9), RGBColor(hex: 0x009E73),
        RGBColor(hex: 0xF0E442), RGBColor(hex: 0xCC79A7), RGBColor(hex: 0xD55E00),
        RGBColor(hex: 0x0072B2),
    ])

    /// Colour of a class or identity; any index is valid, the palette repeats.
    public func color(_ index: Int) -> RGBColor {
        colors[wrapped(index)]
    }

    /// Index modulo the number of colours, not negative.
    func wrapped(_ index: Int) -> Int {
        let remainder = index % colors.count
        return remainder < 0 ? remainder + colors.count : remainder
    }
}

extension RGBColor {
    /// Relative luminance, 0 to 1 (Web Content Accessibility Guidelines 2).
    var luminance: Double {
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// Black or white, whichever has the higher contrast on this colour.
    var readableInk: RGBColor {
        contrast(.black) >= contrast(.white) ? .black : .white
    }

    /// Mean of the colour and white, readable on black.
    var tint: RGBColor {
        RGBColor(red: red / 2 + 128, green: green / 2 + 128, blue: blue / 2 + 128)
    }

    /// Contrast ratio, 1 to 21 (Web Content Accessibility Guidelines 2).
    func contrast(_ other: RGBColor) -> Double {
        let brighter = max(luminance, other.luminance)
        let darker = min(luminance, other.luminance)
        return (brighter + 0.05) / (darker + 0.05)
    }
}

/// Linear value of an sRGB component, 0 to 1.
private func linear(_ component: UInt8) -> Double {
    let level = Double(component) / 255
    return level <= 0.04045 ? level / 12.92 : pow((level + 0.055) / 1.055, 2.4)
}
