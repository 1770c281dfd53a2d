internal import Foundation
public import ThunderNet

extension BareNetwork {
    /// Lays out the network that a description chooses.
    ///
    /// - Throws: A ``RunError`` when the model is missing or cannot take the asked input size.
    public init(_ choice: ModelChoice) throws(RunError) {
        do {
            try self.init(
                model: ModelCatalog().model(choice.name), width: choice.inputSize?.width,
                height: choice.inputSize?.height,
                threads: choice.threads ?? ProcessInfo.processInfo.activeProcessorCount,
                precision: choice.precisionChoice)
        } catch {
            throw RunError(.model, "\(error)")
        }
    }

    /// Writes graph, input and outputs for other engines.
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
