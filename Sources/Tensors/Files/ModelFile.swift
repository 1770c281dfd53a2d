public import Foundation

/// The contents of a model file: named tensors and metadata.
public struct ModelFile: Sendable {
    /// The file as the caller named it, for error messages.
    public let name: String
    /// The metadata.
    ///
    /// The key `model` holds the model's description as JSON.
    public var metadata: [String: String]
    /// The tensors by name, converted to float32.
    public var tensors: [String: Tensor]

    /// Creates a file for writing.
    public init(name: String, metadata: [String: String], tensors: [String: Tensor]) {
        self.name = name
        self.metadata = metadata
        self.tensors = tensors
    }

    /// Reads a safetensors file.
    ///
    /// Refuses files above 4 GiB and anything but regular files.
    ///
    /// - Throws: ``ModelError`` with the problem and the tensor.
    public init(contentsOf url: URL) throws(ModelError) {
        let bytes = try ModelFile.bytes(of: url)
        try self.init(decoding: bytes, name: url.path)
    }

    /// Reads a safetensors file from memory.
    ///
    /// - Throws: ``ModelError`` with the problem and the tensor.
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

    /// The bytes of a safetensors file.
    ///
    /// - Throws: ``ModelError`` when a value exceeds the precision.
    public func encoded(
        precision: Safetensors.Precision = .float32
    ) throws(ModelError) -> [UInt8] {
        try Safetensors.encode(metadata: metadata, tensors: tensors, precision: precision)
    }

    /// Writes a safetensors file atomically; replaces one that exists.
    ///
    /// - Throws: ``ModelError`` when the file cannot be written or a value exceeds the precision.
    public func write(
        to url: URL, precision: Safetensors.Precision = .float32
    ) throws(ModelError) {
        let bytes = try encoded(precision: precision)
        do {
            try Data(bytes).write(to: url, options: .atomic)
        } catch {
            throw ModelError(
                .unreadable, file: url.path,
                problem: "cannot be written",
                advice: "Check that its folder exists, is writable and has space.")
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
