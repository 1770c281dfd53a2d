/// Conversion from RGB to planar YUV.
enum Planes {
    /// Converts packed 8-bit RGB to planar 4:2:0, BT.601, limited range; width and height are even.
    static func yuv420(_ rgb: [UInt8], width: Int, height: Int) -> [UInt8] {
        precondition(width % 2 == 0 && height % 2 == 0, "4:2:0 needs even sides")
        var result = [UInt8](repeating: 0, count: width * height * 3 / 2)
        func color(_ x: Int, _ y: Int) -> Vector {
            let index = 3 * (y * width + x)
            return Vector(Float(rgb[index]), Float(rgb[index + 1]), Float(rgb[index + 2]))
        }
        func level(_ value: Float) -> UInt8 { UInt8(max(0, min(255, value.rounded()))) }
        for y in 0..<height {
            for x in 0..<width {
                result[y * width + x] = level(
                    16 + dot(color(x, y), Vector(0.25679, 0.50413, 0.09791)))
            }
        }
        let chroma = width * height
        for y in 0..<height / 2 {
            for x in 0..<width / 2 {
                let (column, row) = (2 * x, 2 * y)
                let sum =
                    color(column, row) + color(column + 1, row) + color(column, row + 1)
                    + color(column + 1, row + 1)
                let index = chroma + y * (width / 2) + x
                let mean = sum / 4
                result[index] = level(128 + dot(mean, Vector(-0.14822, -0.29099, 0.43922)))
                result[index + chroma / 4] = level(
                    128 + dot(mean, Vector(0.43922, -0.36779, -0.07143)))
            }
        }
        return result
    }
}
