import Pixels
import Tensors
import TestSupport
import Testing
import Video

@testable import ThunderNet

/// Conversion of a frame's planes to the network's input, compared with FFmpeg's scaler.
struct FrameConversionTests {
    /// Mean and largest difference, in 8-bit steps, over all numbers of the input.
    private func difference(
        _ frame: borrowing Frame, _ width: Int, _ height: Int, threads: Int
    ) throws -> (mean: Float, worst: Float) {
        let normalization = InputNormalization(
            channels: .rgb, mean: [0, 0, 0], deviation: [1, 1, 1])
        var input = ImageInput(
            width: width, height: height, normalization: normalization, fit: .stretch)
        var graph = Graph()
        let image = graph.input(Shape(channels: 3, height: height, width: width), name: "input")
        graph.output(graph.conv(image, 4, kernel: 3, stride: 2), name: "map")
        var plan = try Plan(FoldedNetwork(graph, Weights.random(for: graph)), threads: threads)
        frame.withPicture { picture in
            let slot = plan.withInput("input") { span, _ in
                input.prepare(&span, for: picture).slot
            }
            plan.prepare(input.conversions[slot])
            picture.withBytes { first, second, third, rows in
                plan.load(
                    image: "input", first, second, third, at: InlineArray { .init(rows[$0]) })
            }
        }
        var scaler = Scaler()
        var canvas = [UInt8](repeating: 0, count: 3 * width * height)
        var span = canvas.mutableSpan
        try scaler.scale(
            frame, to: .stretch(canvasWidth: width, canvasHeight: height), into: &span)
        return plan.withInput("input") { span, layout in
            var (sum, worst) = (Float(0), Float(0))
            for row in 0..<height {
                let start = layout.index(channel: 0, row: row, column: 0)
                for index in 0..<3 * width {
                    let error = abs(span[start + index] - Float(canvas[3 * width * row + index]))
                    (sum, worst) = (sum + error, max(worst, error))
                }
            }
            return (sum / Float(canvas.count), worst)
        }
    }

    @Test(
        arguments: ["yuv420p", "yuv422p", "yuv444p", "nv12", "yuv420p10le", "yuv444p12le", "gray"],
        [(96, 64), (320, 192)])
    func convertedPlanesMatchTheScaler(_ format: String, _ size: (Int, Int)) throws {
        let path = try Media.make(
            "planes-\(format).nut",
            "-f lavfi -i testsrc2=size=321x201:duration=0.04 -vf gblur=sigma=2,format=\(format) "
                + "-c:v rawvideo")
        var reader = try VideoReader(path)
        guard let item = try reader.next(), case .frame(let frame) = consume item else {
            Issue.record("there is no frame in \(path)")
            return
        }
        let error = try difference(frame, size.0, size.1, threads: 2)
        #expect(error.mean < 0.8, "\(format)")
        #expect(error.worst < 12, "\(format)")
    }
}
