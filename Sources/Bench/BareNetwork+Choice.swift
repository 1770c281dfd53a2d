public import Configuration
internal import Foundation
public import Pipeline
public import ThunderNet
internal import Video

extension BareNetwork {
    /// Lays out the network that a description chooses.
    ///
    /// - Parameters:
    ///   - choice: Model, input size, threads and precision.
    ///   - recording: Where pictures to run on, and to calibrate random weights on, are taken from; nil for random
    ///     numbers.
    /// - Throws: A ``RunError`` when the model is missing or cannot take the asked input size, or when the recording
    ///   cannot be read.
    public init(_ choice: ModelChoice, pictures recording: String? = nil) throws(RunError) {
        do {
            let model = try ModelCatalog().model(choice.name)
            let size = choice.inputSize
            let pictures = try recording.map { source in
                try NetworkPictures(of: source, model, size)
            }
            try self.init(
                model: model, width: size?.width, height: size?.height,
                threads: choice.threads ?? ProcessInfo.processInfo.activeProcessorCount,
                precision: choice.precision, pictures: pictures)
        } catch let error as VideoError {
            throw RunError(error)
        } catch let error as RunError {
            throw error
        } catch {
            throw RunError(.model, "\(error)")
        }
    }

    /// Writes graph, input, outputs and pictures for other engines.
    ///
    /// - Throws: A ``RunError`` when the folder cannot be written or a layer has no counterpart in ONNX.
    public mutating func export(for peers: String) throws(RunError) {
        do {
            try export(to: URL(fileURLWithPath: peers, isDirectory: true))
        } catch {
            throw RunError(.notWritable, "Writing the network into \(peers): \(error)")
        }
    }
}

extension NetworkPictures {
    /// Frames between two pictures; thirty-three pictures are in ten seconds then.
    private static let step = 9
    private static let most = 33

    /// Pictures of a recording as a model's network reads them.
    fileprivate init(of source: String, _ model: Model, _ size: PictureSize?) throws {
        self.init(model: model, width: size?.width, height: size?.height)
        var pictures = try SpacedFrames(source, step: Self.step)
        while count < Self.most, try pictures.next() {
            add(rgb: pictures.rgb.span, width: pictures.width, height: pictures.height)
        }
        guard count > 0 else { throw RunError(.noVideo, "No picture came from \(source).") }
    }
}
