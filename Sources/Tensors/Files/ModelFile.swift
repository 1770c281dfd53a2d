public import Foundation

/// A model as it lies on disk: named tensors and the description beside them.
public struct ModelFile: Sendable {
    /// The file as the caller named it; errors mention it.
    public let name: String
    /// The strings beside the tensors; the description of a model stands under `model`, as JSON
    /// text.
    public var metadata: [String: String]
    /// The tensors by name, widened to float32.
    public var tensors: [String: Tensor]

    /// A model by its parts, for writing.
    public init(name: String, metadata: [String: String], tensors: [String: Tensor]) {
        self.name = name
        self.metadata = metadata
        self.tensors = tensors
    }

    /// Reads a safetensors file.
    ///
    /// Files above 4 GiB, and things that are no regular file, are refused.
    ///
    /// - Throws: ``ModelError`` that says what is wrong with which tensor of the file.
    public init(contentsOf url: URL) throws(ModelError) {
        let bytes = try ModelFile.bytes(of: url)
        try self.init(decoding: bytes, name: url.path)
    }

    /// Reads a safetensors file that is in memory.
    ///
    /// - Throws: ``ModelError`` that says what is wrong with which tensor.
    public init(decoding bytes: [UInt8], name: String) throws(ModelError) {
        let contents: Safetensors.Contents
        do {
            contents = try Safetensors.decode(bytes)
        } catch {
            var error = error
            error.file = name
            throw error
        }
        self.init(name: name, metadata: contents.metadata, tensors: contents.tensors)
    }

    /// Writes a safetensors file, whole or not at all.
    ///
    /// - Throws: ``ModelError`` when the system refuses or a number does not fit the precision.
    public func write(
        to url: URL, precision: Safetensors.Precision = .float32
    ) throws(ModelError) {
        let bytes = try Safetensors.encode(
            metadata: metadata, tensors: tensors, precision: precision)
        do {
            try Data(bytes).write(to: url, options: .atomic)
        } catch {
            throw ModelError(
                .unreadable, file: url.path,
                problem: "cannot be written",
                advice: "Check that its folder exists, may be written to, and has room.")
        }
    }

    private static func bytes(of url: URL) throws(ModelError) -> [UInt8] {
        let limit = 4 << 30
        do {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: url.resolvingSymlinksInPath().path)
            let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
            let isRegular = attributes[.type] as? FileAttributeType == .typeRegular
            guard isRegular, size <= limit else {
                throw ModelError(
                    .unreadable, file: url.path,
                    problem: isRegular ? "is larger than 4 GiB" : "is not a regular file")
            }
            return size > 0 ? [UInt8](try Data(contentsOf: url)) : []
        } catch let error as ModelError {
            throw error
        } catch {
            throw ModelError(
                .unreadable, file: url.path,
                problem: "cannot be read",
                advice: "Check the path and its permissions.")
        }
    }
}
