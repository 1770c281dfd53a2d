import Foundation

/// Camera model: lens blur, sensor noise, tone curve and quantization to 8 bits.
struct SensorModel {
    let width: Int
    let height: Int
    /// Standard deviation of the noise, in 8-bit steps.
    var noise: Float
    /// Fraction of a pixel's light that spreads to each neighbour.
    var blur: Float = 0.16
    var exposure: Float

    /// Averages samples to pixels.
    static func reduce(_ colors: [Vector], width: Int, height: Int, samples: Int) -> [Vector] {
        var result = [Vector](repeating: .zero, count: width * height)
        let share = 1 / Float(samples * samples)
        for y in 0..<height {
            for x in 0..<width {
                var sum = Vector.zero
                for row in 0..<samples {
                    let start = (y * samples + row) * width * samples + x * samples
                    for column in 0..<samples {
                        // Lamps exceed the sensor's range.
                        let color = colors[start + column]
                        sum += color.replacing(with: 3, where: color .> 3)
                    }
                }
                result[y * width + x] = sum * share
            }
        }
        return result
    }

    /// Converts linear colours to packed 8-bit RGB.
    func encode(_ colors: [Vector], seed: UInt64) -> [UInt8] {
        let soft = blurred(colors)
        var random = Random(seed: seed)
        var result = [UInt8](repeating: 0, count: 3 * width * height)
        for index in soft.indices {
            // The sum of four uniform numbers is nearly normal.
            let common = (0..<4).reduce(Float(-2)) { sum, _ in sum + random.number(0, 1) } * 1.73
            let grain = Vector(common, common, common) * 0.9
            for channel in 0..<3 {
                let level =
                    Self.curve(soft[index][channel] * exposure) * 255 + grain[channel] * noise
                result[3 * index + channel] = UInt8(max(0, min(255, level.rounded())))
            }
        }
        return result
    }

    /// Tone curve: sRGB with a shoulder for highlights.
    private static func curve(_ level: Float) -> Float {
        let shouldered = level < 0.6 ? level : 0.6 + 0.4 * (1 - exp(-(level - 0.6) / 0.4))
        let safe = max(0, shouldered)
        return safe <= 0.0031308 ? 12.92 * safe : 1.055 * pow(safe, 1 / 2.4) - 0.055
    }

    private func blurred(_ colors: [Vector]) -> [Vector] {
        var across = colors
        for y in 0..<height {
            for x in 1..<max(1, width - 1) {
                let index = y * width + x
                across[index] =
                    colors[index] * (1 - 2 * blur) + (colors[index - 1] + colors[index + 1]) * blur
            }
        }
        var result = across
        for index in width..<max(width, width * (height - 1)) {
            result[index] =
                across[index] * (1 - 2 * blur) + (across[index - width] + across[index + width])
                * blur
        }
        return result
    }
}
