internal import Foundation
internal import Pipeline
internal import Scene

/// An annotated data set in COCO's format, validated as it is read.
struct COCODataset: Sendable {
    /// One image.
    struct Image: Sendable, Decodable {
        let id: Int
        let fileName: String

        private enum CodingKeys: String, CodingKey {
            case id
            case fileName = "file_name"
        }
    }

    /// One class.
    struct Category: Sendable, Decodable {
        let id: Int
        let name: String
    }

    /// One annotated object.
    struct Annotation: Sendable, Decodable {
        let image: Int
        let category: Int
        let box: [Float]
        let area: Float?
        let isCrowd: Flag?

        private enum CodingKeys: String, CodingKey {
            case image = "image_id"
            case category = "category_id"
            case box = "bbox"
            case area
            case isCrowd = "iscrowd"
        }
    }

    /// A number or a truth value: tools write `iscrowd` either way.
    struct Flag: Sendable, Decodable {
        let isSet: Bool

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let truth = try? value.decode(Bool.self) {
                isSet = truth
            } else {
                isSet = try value.decode(Double.self) != 0
            }
        }
    }

    private struct Root: Decodable {
        let images: [Image]
        let categories: [Category]
        let annotations: [Annotation]
    }

    /// The images in the order of their ids, which decides between equal scores.
    let images: [Image]
    let categories: [Category]
    let annotations: [Annotation]
    /// Folder to which paths of images are relative.
    let folder: String

    /// Reads a data set.
    ///
    /// - Throws: A `RunError` that names the file and its error.
    init(path: String) throws(RunError) {
        let data = try TextInput.bytes(of: path)
        let root: Root
        do {
            root = try JSONDecoder().decode(Root.self, from: data)
        } catch let error as DecodingError {
            throw RunError(.usage, "\(path) is not a COCO data set: \(Self.describe(error))")
        } catch {
            throw RunError(.usage, "\(path) is not a COCO data set: \(error).")
        }
        images = root.images.sorted { $0.id < $1.id }
        categories = root.categories
        annotations = root.annotations
        folder = (path as NSString).deletingLastPathComponent
        try check(path)
    }

    /// Path of an image, relative to the data set's file.
    func path(of image: Image) -> String {
        image.fileName.hasPrefix("/") || folder.isEmpty
            ? image.fileName : folder + "/" + image.fileName
    }

    private func check(_ path: String) throws(RunError) {
        let imageIDs = Set(images.map(\.id))
        let categoryIDs = Set(categories.map(\.id))
        guard !images.isEmpty else { throw RunError(.usage, "\(path) lists no images.") }
        guard imageIDs.count == images.count, categoryIDs.count == categories.count else {
            throw RunError(.usage, "\(path) gives two images or two categories the same id.")
        }
        for (index, annotation) in annotations.enumerated() {
            guard imageIDs.contains(annotation.image), categoryIDs.contains(annotation.category)
            else {
                throw RunError(
                    .usage,
                    "\(path): annotation \(index) names an image or category that is not there.")
            }
            guard annotation.box.count == 4, annotation.box.allSatisfy(\.isFinite) else {
                throw RunError(.usage, "\(path): annotation \(index) has no box of four numbers.")
            }
        }
    }

    private static func describe(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context) -> String {
            context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
                .joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context):
            return "\"\(key.stringValue)\" is missing at \"\(place(context))\"."
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "\"\(place(context))\" has the wrong form."
        case .dataCorrupted(let context):
            return "it is no JSON (\(context.debugDescription))."
        @unknown default:
            return "\(error)"
        }
    }
}
