import Configuration
import Flow
import Foundation
import Pipeline

/// The program `thunderline-train`, which links libtorch.
struct TrainerProgram {
    private let url: URL
    private let options: TrainingRun
    private static let name = "thunderline-train"

    /// Finds the program: where `THUNDERLINE_TRAIN` says, in a `.build-training` beside this build, beside this
    /// program, or in `PATH`; `options` sets threads and device.
    ///
    /// - Throws: A `RunError` that says how it is built, where there is none.
    init(_ options: TrainingRun) throws(RunError) {
        self.options = options
        let places = Self.places
        guard let found = places.first(where: { FileManager.default.isExecutableFile(atPath: $0) })
        else {
            throw RunError(
                .notFound,
                "thunderline-train was not found. Build it: bash Samples/train/libtorch.sh, then "
                    + "swift build -c release --traits Training --scratch-path .build-training --product thunderline-train. "
                    + "THUNDERLINE_TRAIN names another place.")
        }
        url = URL(fileURLWithPath: found)
    }

    private static var places: [String] {
        if let named = ProgramEnvironment.trainer { return [named] }
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let folder = URL(fileURLWithPath: own ?? CommandLine.arguments[0])
            .deletingLastPathComponent()
        var places: [String] = []
        var ancestor = folder
        for _ in 0..<4 {
            ancestor.deleteLastPathComponent()
            places.append(ancestor.appendingPathComponent(".build-training/release/\(name)").path)
        }
        places.append(folder.appendingPathComponent(name).path)
        let folders = (ProgramEnvironment.variables["PATH"] ?? "").split(separator: ":")
        return places + folders.map { "\($0)/\(name)" }
    }

    /// Runs the program to its end and passes a request to stop on to it.
    ///
    /// - Parameters:
    ///   - folder: The folder of the run, which holds the recipe.
    ///   - stores: The images.
    ///   - resumes: True to continue the run in the folder.
    ///   - evaluated: Called after each evaluation.
    /// - Throws: A `RunError` where the program cannot be started.
    /// - Returns: Its exit code, or 128 plus the number of the signal that ended it.
    func run(
        _ folder: RunFolder, _ stores: ImageStores, resumes: Bool, evaluated: () -> Void
    ) throws(RunError) -> Int32 {
        let process = Process()
        process.executableURL = url
        var arguments = folder.arguments(stores) + ["--device", options.device.rawValue]
        if let threads = options.threads { arguments += ["--threads", "\(threads)"] }
        if resumes { arguments.append("--resume") }
        process.arguments = arguments
        // OpenMP's threads spin while they wait, which costs most of the time where other programs run.
        process.environment = ["OMP_WAIT_POLICY": "passive"]
            .merging(ProgramEnvironment.variables) { $1 }
        process.standardInput = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw RunError(.failed, "Starting \(url.path): \(error.localizedDescription)")
        }
        wait(for: process, folder.evaluation, evaluated)
        let isSignal = process.terminationReason == .uncaughtSignal
        return isSignal ? 128 + process.terminationStatus : process.terminationStatus
    }

    private func wait(for process: Process, _ evaluation: URL, _ evaluated: () -> Void) {
        func written() -> Date? {
            let attributes = try? FileManager.default.attributesOfItem(atPath: evaluation.path)
            return attributes?[.modificationDate] as? Date
        }
        var last = written()
        var isAsked = false
        while true {
            let isOver = !process.isRunning
            let latest = written()
            if latest != last {
                last = latest
                evaluated()
            }
            if isOver { return }
            if StopSignal.interrupt.isRequested, !isAsked {
                isAsked = true
                process.terminate()
            }
            Thread.sleep(forTimeInterval: 0.2)
        }
    }
}
