import ArgumentParser
import Bench
import Configuration
import Foundation
import Pipeline
import Tensors
import ThunderNet

/// `thunderline models`: which models there are, what they are, whether they are whole.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Lists, describes and verifies models.",
        discussion: """
            Examples:
              thunderline models
              thunderline models describe driving
              thunderline models verify mine.safetensors
            """,
        subcommands: [List.self, Describe.self, Verify.self], defaultSubcommand: List.self)

    /// All that can be found by name.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the models that are found.")

        func run() throws {
            let catalog = ModelCatalog()
            for name in catalog.names { print(name) }
            if catalog.names.isEmpty {
                let places = catalog.searchFolders.map(\.path).joined(separator: ", ")
                throw failure(.model, "No models were found; looked in \(places).")
            }
        }
    }

    /// What a model is and costs.
    struct Describe: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says what a model is, where it comes from and what it costs.")

        @Argument(help: "A model's name or file.", completion: .file())
        var model: String

        func run() throws {
            do throws(ModelError) {
                let model = try ModelCatalog().model(model)
                let input = model.description.input
                let graph = try model.description.graph(width: input.width, height: input.height)
                let cost = Cost(graph.body).multiplyAdds() + Cost(graph.head).multiplyAdds()
                print("parameters: \(graph.manifest.parameterCount())")
                print("multiply-adds: \(cost) at \(input.width)x\(input.height)")
                print(model.description.json)
            } catch {
                throw failure(.model, error.description)
            }
        }
    }

    /// Whether a model file is whole.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks every tensor of a model file.")

        @Argument(help: "A model's name or file.", completion: .file())
        var model: String

        func run() throws {
            do throws(ModelError) {
                let model = try ModelCatalog().model(model)
                print("\(model.description.name): \(model.weights.names.count) tensors, all well")
            } catch {
                throw failure(.model, error.description)
            }
        }
    }
}
