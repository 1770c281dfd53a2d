import ArgumentParser
import Configuration
import Foundation
import Pipeline
import Tensors
import ThunderNet

/// The program's environment variables, read once and passed to the libraries as parameters.
enum ProgramEnvironment {
    /// All variables by name.
    static let variables = ProcessInfo.processInfo.environment
    private static let processor = variables["THUNDERLINE_CPU"]

    /// Model folders of `THUNDERLINE_MODELS` (separated by colons), and the instruction set limited by
    /// `THUNDERLINE_CPU`; the best one where that names none.
    static let inference = InferenceEnvironment(
        catalog: ModelCatalog(
            folders: (variables["THUNDERLINE_MODELS"] ?? "").split(separator: ":").map {
                URL(fileURLWithPath: String($0), isDirectory: true)
            }, advice: "THUNDERLINE_MODELS names further folders."),
        instructionSet: (try? InstructionSet.limited(by: processor)) ?? .best)

    /// Path of `thunderline-train` from `THUNDERLINE_TRAIN`; nil to search for it.
    static let trainer = variables["THUNDERLINE_TRAIN"]
    /// Folders of programs, separated by colons.
    static let path = variables["PATH"] ?? ""

    /// Refuses a `THUNDERLINE_CPU` that names no instruction set.
    static func validate() throws {
        do throws(PlanError) {
            _ = try InstructionSet.limited(by: processor)
        } catch {
            let names = InstructionSet.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError(
                "THUNDERLINE_CPU is '\(processor ?? "")', which names no instruction set; try \(names)."
            )
        }
    }
}

extension DetectDescription {
    /// The description with the program's environment.
    var inProgramEnvironment: DetectDescription {
        var description = self
        description.model = model.inProgramEnvironment
        return description
    }
}

extension LiveDescription {
    /// The description with the program's environment for all cameras.
    var inProgramEnvironment: LiveDescription {
        var description = self
        description.model = model.inProgramEnvironment
        for index in description.cameras.indices {
            description.cameras[index].model.environment = ProgramEnvironment.inference
        }
        return description
    }
}

extension BenchDescription {
    /// The description with the program's environment.
    var inProgramEnvironment: BenchDescription {
        var description = self
        description.run = run.inProgramEnvironment
        return description
    }
}

extension ModelChoice {
    /// The choice with the program's environment.
    var inProgramEnvironment: ModelChoice {
        var choice = self
        choice.environment = ProgramEnvironment.inference
        return choice
    }
}
