import ArgumentParser
internal import Bench
import Configuration
import Datasets
import Flow
import Foundation
import Pipeline
import Scene
internal import Tensors
import ThunderNet
import Training

extension DatasetCommand {
    /// Writes pseudo-labels: detections of a model as annotations.
    struct Label: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes pseudo-labels: the detections of a model as annotations.",
            discussion: """
                Reads a data set, or a folder of images without annotations, and writes a COCO file with its annotations \
                and the detections of a model that no annotation covers. Use it for classes that a set does not \
                annotate, and correct the result by eye: a model's errors become labels, too.

                Examples:
                  thunderline dataset label images/ --min-score 0.5 -o labels.json
                  thunderline dataset label vehicles/data.yaml:train --classes person --min-score 0.6 -o with-persons.json
                """)

        @Argument(help: "A data set or a folder of images.", completion: .file())
        var path: String
        @OptionGroup var model: ModelOptions
        @Option(help: "Classes to label, such as person,bus; all of the model by default.")
        var classes: [String] = []
        @Option(help: "Lowest score of a detection that becomes a label, 0 to 1.")
        var minScore: Float = 0.5
        @OptionGroup var target: OutputFileOptions

        func validate() throws {
            guard (0...1).contains(minScore) else {
                throw ValidationError("--min-score must be from 0 to 1.")
            }
        }

        func run() throws {
            try target.check()
            let choice = try model.choice(threads: nil).inProgramEnvironment
            try perform { console throws(RunError) in
                var labeller = try Labeller(
                    choice, wanted: classes.flatMap { $0.split(separator: ",").map(String.init) },
                    minScore: minScore)
                let set = try read(labeller.classes)
                let folder = URL(fileURLWithPath: target.output).deletingLastPathComponent()
                var labelled = LabelledSet(classes: set.classes, folder: folder)
                for (index, picture) in set.pictures.enumerated() {
                    if StopSignal.interrupt.isRequested {
                        throw RunError(.interrupted, "Stopped before the end.")
                    }
                    try labeller.label(picture, of: set.classes, into: &labelled)
                    console.progress("\(index + 1) of \(set.pictures.count) images")
                }
                console.progress("")
                try write(labelled)
                print("wrote \(target.output): \(labelled.added) labels added")
            }
        }

        /// The set with its own classes, followed by the added ones.
        private func read(_ added: [String]) throws(RunError) -> AnnotatedSet {
            var source = DatasetSource(argument: path)
            do throws(DatasetError) {
                do throws(DatasetError) {
                    return try AnnotatedSet(source).extended(by: added)
                } catch {
                    // A folder of images without annotations has no class names.
                    guard source.split == nil, PlainFile.isFolder(path) else { throw error }
                    source.names = added
                    return try AnnotatedSet(source)
                }
            } catch {
                throw RunError(error)
            }
        }

        private func write(_ labelled: LabelledSet) throws(RunError) {
            do {
                try labelled.json().write(
                    to: URL(fileURLWithPath: target.output), options: .atomic)
            } catch {
                throw RunError("Writing \(target.output)", writing: error)
            }
        }
    }
}

/// A detector whose detections become annotations.
private struct Labeller: ~Copyable {
    /// Classes to label.
    let classes: [String]
    private let modelClasses: [String]
    private let minScore: Float
    private var detector: Detector

    init(_ choice: ModelChoice, wanted: [String], minScore: Float) throws(RunError) {
        let model = try Self.model(choice)
        let known = model.description.classes
        if let unknown = wanted.first(where: { !known.contains($0) }) {
            throw RunError(
                .usage,
                "The model has no class \"\(unknown)\"; it has \(known.joined(separator: ", ")).")
        }
        let detector = try Self.detector(model, choice)
        modelClasses = known
        classes = wanted.isEmpty ? known : wanted
        self.minScore = minScore
        self.detector = detector
    }

    private static func model(_ choice: ModelChoice) throws(RunError) -> Model {
        do {
            return try choice.environment.catalog.model(choice.name)
        } catch {
            throw RunError(.model, error.description)
        }
    }

    private static func detector(
        _ model: Model, _ choice: ModelChoice
    ) throws(RunError) -> Detector {
        var options = DetectorOptions()
        options.width = choice.inputSize?.width
        options.height = choice.inputSize?.height
        options.fit = choice.fit
        options.precision = choice.precision
        options.instructionSet = choice.environment.instructionSet
        do {
            return try Detector(model: model, options: options)
        } catch {
            throw RunError(.model, "\(error)")
        }
    }

    mutating func label(
        _ picture: AnnotatedPicture, of setClasses: [String], into labelled: inout LabelledSet
    ) throws(RunError) {
        let decoded: DecodedPicture
        do {
            decoded = try VideoPictureDecoder().decode(picture.path, to: .within(.unlimited))
        } catch {
            throw RunError(.damaged, DatasetError.text(error))
        }
        var detections: [Detection] = []
        let (width, height) = (decoded.extent.width, decoded.extent.height)
        detector.detect(rgb: decoded.rgb.span, width: width, height: height, into: &detections)
        let added = detections.compactMap { detection -> Detection? in
            let name = modelClasses[detection.classIndex]
            guard detection.score >= minScore, classes.contains(name),
                let index = setClasses.firstIndex(of: name)
            else { return nil }
            return Detection(classIndex: index, score: detection.score, box: detection.box)
        }
        labelled.add(
            picture.path, decoded.extent,
            picture.validAnnotations(width: width, height: height), added)
    }
}

extension PictureExtent {
    /// Limit larger than any image.
    fileprivate static let unlimited = PictureExtent(width: 65_536, height: 65_536)
}
