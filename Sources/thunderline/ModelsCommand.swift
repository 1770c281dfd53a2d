import ArgumentParser
import Bench
import Configuration
internal import Flow
import Foundation
import Pipeline
import Tensors
import ThunderNet

/// `thunderline models`: lists, describes, verifies and compares models.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Lists, describes, verifies and compares models.",
        discussion: """
            Examples:
              thunderline models
              thunderline models describe driving
              thunderline models verify mine.safetensors
              thunderline models compare driving mine.safetensors annotations.json
            """,
        subcommands: [List.self, Describe.self, Verify.self, Compare.self],
        defaultSubcommand: List.self)

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

    /// Compares two models on annotated images.
    struct Compare: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compares two models on annotated images.",
            discussion: """
                Measures the average precision of both models at their default inputs, and resamples the images for 95 % \
                confidence intervals. A model is called better when the interval of the difference excludes 0.

                Examples:
                  thunderline models compare driving mine.safetensors annotations.json
                """)

        @Argument(help: "The first model's name or file.", completion: .file())
        var first: String
        @Argument(help: "The second model's name or file.", completion: .file())
        var second: String
        @Argument(
            help: "A data set: COCO JSON, a VOC folder, a YOLO data.yaml.", completion: .file())
        var dataset: String
        @Option(help: "Resamples of the images.")
        var resamples = 1000
        @Option(
            help: SettingHelp.text("model.precision"),
            completion: SettingHelp.words("model.precision"))
        var precision: String?

        func validate() throws {
            guard (10...1_000_000).contains(resamples) else {
                throw ValidationError("--resamples must be from 10 to 1000000.")
            }
        }

        func run() throws {
            let choices = try [first, second].map { name in
                try DetectDescription(
                    [("model.name", [name])] + (precision.map { [("model.precision", [$0])] } ?? [])
                ).model.inProgramEnvironment
            }
            let comparison = try perform { console throws(RunError) in
                try ModelComparison(
                    dataset: dataset, choices[0], choices[1], resamples: resamples,
                    console: console, stop: .interrupt)
            }
            say("\(comparison.images) images, \(comparison.resamples) resamples, 95 % intervals")
            for figure in comparison.figures { say(figure.line) }
        }
    }
}

extension ModelComparison.Figure {
    /// The figure in one line.
    fileprivate var line: String {
        func text(_ value: Double) -> String { String(format: "%.4f", value) }
        func text(_ interval: ClosedRange<Double>) -> String {
            "[\(text(interval.lowerBound)), \(text(interval.upperBound))]"
        }
        return
            "\(name.padding(toLength: 5, withPad: " ", startingAt: 0)) \(text(first)) \(text(firstInterval)), "
            + "\(text(second)) \(text(secondInterval)), difference \(text(second - first)) \(text(difference)): \(verdict)"
    }
}
