import Datasets
import Foundation
import Scene

/// A data set with detections added as annotations, written as COCO JSON.
struct LabelledSet {
    private struct File: Encodable {
        struct Image: Encodable {
            var id: Int
            var file_name: String
            var width: Int
            var height: Int
        }

        struct Annotation: Encodable {
            var id: Int
            var image_id: Int
            var category_id: Int
            var bbox: [Double]
            var area: Double
            var iscrowd: Int
            /// Score of a pseudo-label; nil for an annotation of the set.
            var score: Double?
        }

        struct Category: Encodable {
            var id: Int
            var name: String
        }

        var images: [Image] = []
        var annotations: [Annotation] = []
        var categories: [Category]
    }

    private var file: File
    private let folder: URL
    /// Pseudo-labels added.
    private(set) var added = 0

    /// Creates an empty set of these classes for a file in `folder`.
    init(classes: [String], folder: URL) {
        file = File(
            categories: classes.enumerated().map { File.Category(id: $0 + 1, name: $1) })
        self.folder = folder
    }

    /// Adds an image with its annotations, and the detections that no annotation of their class covers.
    ///
    /// - Parameters:
    ///   - path: The image file.
    ///   - extent: Its size in pixels.
    ///   - annotations: Known objects in pixels; classes index those of this set.
    ///   - detections: New objects in pixels; classes index those of this set.
    mutating func add(
        _ path: String, _ extent: PictureExtent, _ annotations: [Annotation],
        _ detections: [Detection]
    ) {
        let image = file.images.count + 1
        file.images.append(
            File.Image(
                id: image, file_name: relative(path), width: extent.width, height: extent.height))
        for annotation in annotations {
            guard let index = annotation.classIndex else { continue }
            add(image, index, annotation.box, isCrowd: annotation.isIgnored, score: nil)
        }
        for detection in detections {
            let isKnown = annotations.contains {
                ($0.classIndex ?? detection.classIndex) == detection.classIndex
                    && $0.box.overlap(detection.box) >= 0.5
            }
            guard !isKnown else { continue }
            add(
                image, detection.classIndex, detection.box, isCrowd: false,
                score: Double(detection.score))
            added += 1
        }
    }

    /// Encodes the set as JSON; equal contents give equal bytes.
    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(file)
    }

    private mutating func add(
        _ image: Int, _ classIndex: Int, _ box: Box, isCrowd: Bool, score: Double?
    ) {
        func rounded(_ value: Float) -> Double { (Double(value) * 100).rounded() / 100 }
        file.annotations.append(
            File.Annotation(
                id: file.annotations.count + 1, image_id: image, category_id: classIndex + 1,
                bbox: [box.x, box.y, box.width, box.height].map(rounded),
                area: rounded(box.width * box.height), iscrowd: isCrowd ? 1 : 0, score: score))
    }

    /// The path relative to the file's folder if the image is below it, else absolute.
    private func relative(_ path: String) -> String {
        let image = URL(fileURLWithPath: path).standardizedFileURL.path
        let base = folder.standardizedFileURL.path + "/"
        return image.hasPrefix(base) ? String(image.dropFirst(base.count)) : image
    }
}
