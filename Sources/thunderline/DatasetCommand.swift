import ArgumentParser
import Bench
import Configuration
import Datasets
import Flow
import Pipeline
import Tensors
import ThunderNet
import Training

/// `thunderline dataset`: checks and labels annotated image sets.
struct DatasetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset",
        abstract: "Checks and labels annotated images.",
        discussion: """
            Examples:
              thunderline dataset check train.json dev.json
              thunderline dataset check data.yaml --sheet sheet.png
              thunderline dataset label images/ -o labels.json
            """,
        subcommands: [Check.self, Label.self])

    /// `thunderline dataset check`: reports problems of sets before training.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reports the contents and problems of annotated image sets.",
            discussion: """
                Reads COCO JSON, folders of Pascal VOC XML, and YOLO (a data.yaml, or a folder with images and
                labels); data.yaml:val is one part of it, data.yaml all parts. Every image is decoded. The
                report lists objects by class with their sizes (square root of the area, in pixels), missing and
                damaged images, empty boxes and boxes beyond their image, copies of images within a set and
                between sets, and the share of boxes that a model's anchors cover at its input size. The exit code
                is 65 if an image cannot be read.

                Examples:
                  thunderline dataset check train.json dev.json
                  thunderline dataset check data.yaml --sheet sheet.png --input 512x288
                """)

        @Argument(help: "Files or folders of annotated images.", completion: .file())
        var paths: [String]
        @Option(help: "Output file for a contact sheet of images with their boxes.")
        var sheet: String?
        @Option(help: "Output file for a contact sheet of the same images after augmentation.")
        var augmented: String?
        @Flag(help: "Replace contact sheets that exist.")
        var overwrite = false
        @Option(help: "Number of images per contact sheet.")
        var sheetPictures = 30
        @Option(help: "Maximum number of listed problems per kind.")
        var limit = 5
        @Option(help: "Model with the anchors to check: a name or a file.", completion: .file())
        var model = ModelCatalog.defaultName
        @Option(help: SettingHelp.text("model.input"))
        var input: String?

        func validate() throws {
            guard sheetPictures > 0, limit >= 0 else {
                throw ValidationError("--sheet-pictures must be above 0, --limit at least 0.")
            }
        }

        func run() throws {
            let given = input.map { [(key: "model.input", texts: [$0])] } ?? []
            let size = try DetectDescription(given).model.inputSize
            let reach = try anchors(size)
            let isReadable = try perform { console throws(RunError) in
                let (sets, missing) = try sets()
                try checkSheets(sets)
                let scan = try DatasetScan(
                    sets, tileCount: sheet == nil && augmented == nil ? 0 : sheetPictures,
                    console: console,
                    stop: .interrupt)
                let report = DatasetReport(sets, scan, reach, limit: limit)
                say(([report.text] + missing).joined(separator: "\n\n"))
                try writeSheets(scan, sets[0].classes, reach.extent)
                return report.isReadable && missing.isEmpty
            }
            if !isReadable { throw ExitCode(ExitReason.damaged.rawValue) }
        }

        /// Checks, before any image is decoded, that the contact sheets can be written and are no files of the sets.
        private func checkSheets(_ sets: [AnnotatedSet]) throws(RunError) {
            let sheets = [sheet, augmented].compactMap { $0 }
            for path in sheets { try checkWritable(path, overwrite: overwrite) }
            try checkOutputs(
                sheets,
                apartFrom: paths.map { DatasetSource(argument: $0).path }
                    + sets.flatMap { $0.pictures.map(\.path) })
        }

        private func anchors(_ size: PictureSize?) throws -> AnchorReach {
            do throws(ModelError) {
                let found = try ModelCatalog().model(model).description
                return AnchorReach(
                    found.anchors,
                    PictureExtent(
                        width: size?.width ?? found.input.width,
                        height: size?.height ?? found.input.height))
            } catch {
                throw failure(.model, error.description)
            }
        }

        /// The sets, and messages about missing splits of a `data.yaml`.
        private func sets() throws(RunError) -> (sets: [AnnotatedSet], missing: [String]) {
            var sets: [AnnotatedSet] = []
            var missing: [String] = []
            do throws(DatasetError) {
                for path in paths {
                    let parts = try DatasetSource(argument: path).parts()
                    for part in parts {
                        do throws(DatasetError) {
                            sets.append(try AnnotatedSet(part))
                        } catch {
                            guard error.kind == .notFound, parts.count > 1 else { throw error }
                            missing.append(error.description)
                        }
                    }
                }
            } catch {
                throw RunError(error)
            }
            guard !sets.isEmpty else { throw RunError(.notFound, missing.joined(separator: " ")) }
            return (sets, missing)
        }

        private func writeSheets(
            _ scan: DatasetScan, _ classes: [String], _ extent: PictureExtent
        ) throws(RunError) {
            guard !scan.tiles.isEmpty else { return }
            if let sheet {
                let drawn = ContactSheet(scan.tiles, columns: 5, width: 320)
                try SheetFile(drawn, classes: classes).write(to: sheet, overwrite: overwrite)
                say("\nwrote \(sheet): \(scan.tiles.count) images")
            }
            if let augmented {
                let drawn = scan.augmented(classes, extent)
                try SheetFile(drawn, classes: classes).write(to: augmented, overwrite: overwrite)
                say("\nwrote \(augmented): \(scan.tiles.count) augmented inputs")
            }
        }
    }
}
