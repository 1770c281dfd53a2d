import Configuration
import Datasets
import Foundation
import Pipeline
import ThunderNet
import Training

extension RunFolder {
    /// Inputs on the contact sheet, and its form.
    private static let sheet = (count: 20, columns: 5, width: 320)

    /// Draws the first augmented inputs with their boxes, so that a wrong label or setting is seen early.
    ///
    /// - Throws: A `RunError` when the data cannot be read or the file cannot be written.
    func writeFirstInputs(
        _ recipe: ResolvedRecipe, _ stores: ImageStores, _ console: Console
    ) throws(RunError) {
        let path = url.appendingPathComponent("first-inputs.png").path
        do {
            let model = try recipe.recipe.description()
            let store = try PictureStore(path: stores.training)
            let batches = StoreBatches(
                TrainingSet(recipe.training, stored: store.pictures), store, recipe.recipe,
                model.input.normalization, isDrawn: false)
            let sheet = try batches.firstInputs(
                count: Self.sheet.count, columns: Self.sheet.columns, width: Self.sheet.width)
            try SheetFile(sheet, classes: model.classes).write(to: path)
        } catch {
            throw RunError("Drawing the first inputs into \(path)", writing: error)
        }
        console.info("first inputs with their boxes: \(path)")
    }
}
