import Datasets
import Overlay
import Pipeline
import Pixels
import Scene
import Training
import Video

/// A contact sheet as an image file with labeled boxes; boxes of ignored objects are dashed.
struct SheetFile {
    private let sheet: ContactSheet
    private let classes: [String]

    /// Creates a file of a sheet with boxes of these classes.
    init(_ sheet: ContactSheet, classes: [String]) {
        self.sheet = sheet
        self.classes = classes
    }

    /// Draws the boxes and writes the file; replaces an existing one only if asked to.
    ///
    /// - Throws: A `RunError` if no font is found or the file cannot be written.
    func write(to path: String, overwrite: Bool) throws(RunError) {
        let (width, height) = (sheet.extent.width, sheet.extent.height)
        var picture = PictureBuffer(
            format: .rgb24, width: width, height: height,
            color: ColorDescription(matrix: .bt601, isFullRange: true))
        picture.bytes = sheet.pixels
        var overlay = try renderer()
        picture.withMutablePicture { overlay.draw(objects, on: &$0) }
        do throws(VideoError) {
            let drawn = picture.bytes
            try ImageFile.write(
                rgb: drawn.span, width: width, height: height, to: path, overwrite: overwrite)
        } catch {
            throw RunError(ExitReason(error.kind), error.message)
        }
    }

    private func renderer() throws(RunError) -> OverlayRenderer {
        var options = OverlayOptions()
        (options.showsIdentities, options.showsScores, options.showsTraces) = (false, false, false)
        (options.lineScale, options.textScale) = (0.5, 0.6)
        options.shortensSmallLabels = true
        do {
            return try OverlayRenderer(options: options, classNames: classes + ["ignored"])
        } catch {
            throw RunError(.failed, "\(error)")
        }
    }

    private var objects: [TrackedObject] {
        sheet.annotations.map { annotation in
            TrackedObject(
                id: 0, classIndex: annotation.classIndex ?? classes.count, score: 1,
                box: annotation.box, isPredicted: annotation.isIgnored)
        }
    }
}
