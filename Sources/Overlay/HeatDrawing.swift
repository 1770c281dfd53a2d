public import Pixels

/// Drawing of a grid of levels, such as a heat map, over a picture.
public enum HeatDrawing {
    private static let steps = 32

    /// Draws cells of a grid that covers the picture, from transparent over blue, green and yellow to red.
    ///
    /// - Parameters:
    ///   - levels: Levels from 0 to 1, row by row; cells at 0 are not drawn.
    ///   - columns: Cells in a row, positive.
    ///   - picture: Planes to draw on, of any `PixelFormat`.
    public static func draw(_ levels: [Double], columns: Int, on picture: inout MutablePicture) {
        let rows = levels.count / columns
        let (width, height) = (picture.picture.width, picture.picture.height)
        let inks = (0...steps).map { step in
            Ink(
                color(Double(step) / Double(steps)), format: picture.picture.format,
                color: picture.picture.color)
        }
        var canvas = Canvas()
        for (index, level) in levels.enumerated() where level > 0 {
            let (column, row) = (index % columns, index / columns)
            let cell = PixelRect(
                left: column * width / columns, top: row * height / rows,
                right: (column + 1) * width / columns, bottom: (row + 1) * height / rows)
            let step = Int((min(level, 1) * Double(steps)).rounded())
            canvas.fill(
                cell, inks[step], opacity: UInt8(60 + min(level, 1) * 150), on: &picture)
        }
    }

    /// Colour of a level: blue, cyan, yellow, red.
    private static func color(_ level: Double) -> RGBColor {
        let stops: [(Double, Double, Double)] = [
            (40, 60, 220), (40, 200, 220), (250, 220, 50), (220, 40, 30),
        ]
        let place = level * Double(stops.count - 1)
        let first = min(Int(place), stops.count - 2)
        let share = place - Double(first)
        func mixed(_ low: Double, _ high: Double) -> UInt8 {
            UInt8((low + share * (high - low)).rounded())
        }
        let (low, high) = (stops[first], stops[first + 1])
        return RGBColor(
            red: mixed(low.0, high.0), green: mixed(low.1, high.1), blue: mixed(low.2, high.2))
    }
}
