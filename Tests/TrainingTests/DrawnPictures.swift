import Datasets
import Scene

@testable import Training

/// Black images with filled rectangles in the color of their class, so that pixels show where boxes are.
struct DrawnPictures {
    static let colors: [SIMD3<UInt8>] = [
        SIMD3(255, 0, 0), SIMD3(0, 255, 0), SIMD3(0, 0, 255), SIMD3(255, 255, 0),
    ]
    let set: TrainingSet
    let pixels: [DecodedPicture]

    /// Creates `count` images with one to four disjoint rectangles.
    init(_ count: Int, extent: PictureExtent = PictureExtent(width: 160, height: 96)) {
        var pixels: [DecodedPicture] = []
        var pictures: [TrainingPicture] = []
        for index in 0..<count {
            var random = RandomStream(seed: 11, epoch: 0, item: index, purpose: .weights)
            var boxes: [Box] = []
            for _ in 0..<(1 + index % 4) {
                let box = Box(
                    x: Float(4 + random.index(below: extent.width - 60)),
                    y: Float(4 + random.index(below: extent.height - 50)),
                    width: Float(16 + random.index(below: 36)),
                    height: Float(16 + random.index(below: 26)))
                let wide = Box(
                    x: box.x - 4, y: box.y - 4, width: box.width + 8, height: box.height + 8)
                if boxes.allSatisfy({ $0.intersection(wide).area == 0 }) { boxes.append(box) }
            }
            var rgb = [UInt8](repeating: 0, count: 3 * extent.width * extent.height)
            let annotations = boxes.enumerated().map { number, box in
                Annotation(classIndex: (index + number) % Self.colors.count, box: box)
            }
            for annotation in annotations {
                Self.fill(&rgb, extent, annotation.box, Self.colors[annotation.classIndex ?? 0])
            }
            pixels.append(DecodedPicture(extent: extent, source: extent, rgb: rgb))
            pictures.append(
                TrainingPicture(
                    stored: index, extent: extent, annotations: annotations,
                    unlabelled: index % 3 == 2 ? [1] : []))
        }
        self.pixels = pixels
        set = TrainingSet(classes: ["red", "green", "blue", "yellow"], pictures: pictures)
    }

    private static func fill(
        _ rgb: inout [UInt8], _ extent: PictureExtent, _ box: Box, _ color: SIMD3<UInt8>
    ) {
        for y in Int(box.y)..<Int(box.bottom) {
            for x in Int(box.x)..<Int(box.right) {
                for channel in 0..<3 { rgb[3 * (y * extent.width + x) + channel] = color[channel] }
            }
        }
    }
}
