internal import Bench
import Configuration
import Datasets
import Pipeline
import Training

/// The sets of a classifier, with one folder of images per class.
struct LabelledSets {
    /// Names of the classes.
    let classes: [String]
    /// The training sets.
    let training: [AnnotatedSet]
    /// The held-out sets.
    let heldOut: [AnnotatedSet]

    /// Reads the sets and chooses the classes: those named, or the first ones of the training sets by name.
    ///
    /// - Throws: A `RunError` with the file or class that is wrong.
    init(_ description: TrainDescription) throws(RunError) {
        do throws(DatasetError) {
            var sets: [AnnotatedSet] = []
            for set in description.sets { sets.append(try set.labelled()) }
            classes = Self.classes(description, among: Set(sets.flatMap(\.classes)).sorted())
            var training: [AnnotatedSet] = []
            for set in sets { training.append(try set.labelled(classes)) }
            self.training = training
            var heldOut: [AnnotatedSet] = []
            for set in description.heldOut {
                heldOut.append(try set.labelled(classes: classes))
            }
            self.heldOut = heldOut
        } catch {
            throw RunError(error)
        }
        guard classes.count > 1 else {
            throw RunError(.usage, "A classifier needs two classes, and there is \(classes.count).")
        }
    }

    private static func classes(
        _ description: TrainDescription, among all: [String]
    ) -> [String] {
        guard description.model.classes.isEmpty else { return description.model.classes }
        return description.classification.classCount.map { Array(all.prefix($0)) } ?? all
    }
}
