public import Pixels

#if canImport(Glibc)
    internal import Glibc
#endif

/// Colours that are given out in turn.
public struct Palette: Hashable, Sendable {
    /// The colours, at least one.
    public let colors: [RGBColor]

    /// A palette of its own; `colors` is not empty.
    public init(_ colors: [RGBColor]) {
        precondition(!colors.isEmpty, "a palette needs a colour")
        self.colors = colors
    }

    /// Seven colours that people with any of the common colour-vision deficiencies can tell apart.
    ///
    /// Masataka Okabe and Kei Ito, "Color Universal Design" (2008), without black, which roads are full of;
    /// ordered so that neighbours differ most.
    public static let okabeIto = Palette([
        RGBColor(hex: 0xE69F00), RGBColor(hex: 0x56B4E9), RGBColor(hex: 0x009E73),
        RGBColor(hex: 0xF0E442), RGBColor(hex: 0xCC79A7), RGBColor(hex: 0xD55E00),
        RGBColor(hex: 0x0072B2),
    ])

    /// The colour of the `index`-th class or identity; any number, the palette repeats.
    public func color(_ index: Int) -> RGBColor {
        colors[position(index)]
    }

    /// Where in the palette that colour is.
    func position(_ index: Int) -> Int {
        let remainder = index % colors.count
        return remainder < 0 ? remainder + colors.count : remainder
    }
}

extension RGBColor {
    /// How bright it looks, 0 to 1: the relative luminance of the Web Content Accessibility Guidelines 2.
    var luminance: Double {
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// Black or white, whichever is easier to read on this colour.
    var readableInk: RGBColor {
        contrast(.black) >= contrast(.white) ? .black : .white
    }

    /// The colour half way to white, readable on black whatever it was.
    var tint: RGBColor {
        RGBColor(red: red / 2 + 128, green: green / 2 + 128, blue: blue / 2 + 128)
    }

    /// The contrast ratio of the same guidelines, 1 to 21.
    func contrast(_ other: RGBColor) -> Double {
        let brighter = max(luminance, other.luminance)
        let darker = min(luminance, other.luminance)
        return (brighter + 0.05) / (darker + 0.05)
    }
}

/// Undoes the transfer curve of sRGB.
private func linear(_ component: UInt8) -> Double {
    let level = Double(component) / 255
    return level <= 0.04045 ? level / 12.92 : pow((level + 0.055) / 1.055, 2.4)
}
