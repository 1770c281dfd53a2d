internal import Datasets
import Flow
import Foundation
import Pipeline
import Pixels
import Training
import Video

extension RunFolder {
    /// Writes `report.html` from the latest evaluation; a failure is reported and does not end the run.
    func writeReport(_ stores: ImageStores, _ console: Console) {
        do {
            try Data(report(stores).utf8).write(
                to: url.appendingPathComponent("report.html"), options: .atomic)
        } catch {
            console.error("Writing report.html: \(error)")
        }
    }

    private func report(_ stores: ImageStores) throws -> String {
        let data = try Data(contentsOf: evaluation)
        let table = TrainingTable(
            try String(contentsOf: url.appendingPathComponent("train.csv"), encoding: .utf8))
        let (title, decoder) = (url.lastPathComponent, JSONDecoder())
        if let record = try? decoder.decode(ClassificationRecord.self, from: data) {
            return ClassificationReport(table: table, evaluation: record, title: title).html
        }
        let record = try decoder.decode(EvaluationRecord.self, from: data)
        return TrainingReport(
            table: table, evaluation: record, title: title, images: try images(record, stores)
        ).html
    }

    private func images(
        _ record: EvaluationRecord, _ stores: ImageStores
    ) throws -> [ReportImage] {
        guard let path = stores.heldOut else { return [] }
        let store = try PictureStore(path: path)
        let file = url.appendingPathComponent("report.partial.jpg")
        defer { try? FileManager.default.removeItem(at: file) }
        return try record.worst.map { worst in
            let picture = store.pictures[worst.stored]
            let (width, height) = (picture.extent.width, picture.extent.height)
            try store.withPixels(of: worst.stored) { pixels in
                try ImageFile.write(rgb: pixels, width: width, height: height, to: file.path)
            }
            return ReportImage(
                name: URL(fileURLWithPath: picture.path).lastPathComponent, width: width,
                height: height, jpeg: try Data(contentsOf: file))
        }
    }
}
