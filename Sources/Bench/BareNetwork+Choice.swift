public import Configuration
internal import Foundation
public import Pipeline
public import ThunderNet
internal import Video

extension BareNetwork {
    /// Builds the network of a description.
    ///
    /// - Parameters:
    ///   - choice: Model, input size, threads and precision.
    ///   - recording: Source of the frames to run on, and to calibrate random weights on; nil for random numbers.
    /// - Throws: A `RunError` when the model is missing, does not support the input size, or when the recording
    ///   cannot be read.
    public init(_ choice: ModelChoice, images recording: String? = nil) throws(RunError) {
        do {
            let model = try choice.environment.catalog.model(choice.name)
            let size = choice.inputSize
            let images = try recording.map { source in
                try NetworkImages(of: source, model, size)
            }
            try self.init(
                model: model, width: size?.width, height: size?.height,
                threads: choice.threadCount,
                precision: choice.precision, images: images,
                instructionSet: choice.environment.instructionSet)
        } catch let error as VideoError {
            throw RunError(error)
        } catch let error as RunError {
            throw error
        } catch {
            throw RunError(.model, "\(error)")
        }
    }

    /// Writes graph, input, outputs and frames for other engines.
    ///
    /// - Throws: A `RunError` when the folder cannot be written or a layer has no counterpart in ONNX.
    public mutating func export(for peers: String) throws(RunError) {
        do {
            try export(to: URL(fileURLWithPath: peers, isDirectory: true))
        } catch {
            throw RunError(.notWritable, "Writing the network into \(peers): \(error)")
        }
    }
}

extension NetworkImages {
    /// Distance of the frames taken; 33 of them cover ten seconds.
    private static let step = 9
    private static let most = 33

    /// Frames of a recording as inputs of a model's network.
    fileprivate init(of source: String, _ model: Model, _ size: PictureSize?) throws {
        self.init(model: model, width: size?.width, height: size?.height)
        var images = try SpacedFrames(source, step: Self.step)
        while count < Self.most, try images.next() {
            add(rgb: images.rgb.span, width: images.width, height: images.height)
        }
        guard count > 0 else { throw RunError(.noVideo, "Reading \(source): it has no frame.") }
    }
}
