import ArgumentParser
import Training

/// The program that trains: links libtorch, decodes nothing.
@main
struct ThunderlineTrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thunderline-train",
        abstract: "Trains a detector from a resolved recipe and a store of decoded pictures.",
        discussion: "Started by thunderline train, which reads recipes and decodes pictures.")

    func run() throws {
        print(TorchLibrary.isAvailable ? "libtorch \(TorchLibrary.version)" : "no libtorch")
    }
}
