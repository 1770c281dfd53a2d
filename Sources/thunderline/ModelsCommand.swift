import ArgumentParser
import Bench
import Configuration
import Foundation
import Pipeline
import Tensors
import ThunderNet

/// `thunderline models`: lists, describes and verifies models.
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

    /// Lists all models that can be used by name.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the models in the model folders.")

        func run() throws {
            let catalog = ProgramEnvironment.inference.catalog
            for name in catalog.names { say(name) }
            if catalog.names.isEmpty {
                let places = catalog.searchFolders.map(\.path).joined(separator: ", ")
                throw failure(.model, "No models were found; looked in \(places).")
            }
        }
    }

    /// Prints the properties of a model.
    struct Describe: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Describes a model: classes, input, cost, accuracy, licence, provenance.")

        @Argument(help: "A model's name or file.", completion: .file())
        var model: String
        @Flag(help: "Print one JSON object with every value of the model's description.")
        var json = false

        func run() throws {
            do throws(ModelError) {
                let card = try ModelCard(ProgramEnvironment.inference.catalog.model(model))
                json ? sayJSON(card.json) : say(card.text)
            } catch {
                throw failure(.model, error.description)
            }
        }
    }

    /// Checks a model file.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks every tensor of a model file.")

        @Argument(help: "A model's name or file.", completion: .file())
        var model: String

        func run() throws {
            do throws(ModelError) {
                let model = try ProgramEnvironment.inference.catalog.model(model)
                say("\(model.description.name): \(model.weights.names.count) tensors, all well")
            } catch {
                throw failure(.model, error.description)
            }
        }
    }
}
