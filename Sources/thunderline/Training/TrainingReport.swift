import Foundation
import Training

/// The report of a run as one self-contained HTML page: curves, precision and recall, confusion, worst images.
struct TrainingReport {
    /// Rows of `train.csv`.
    let table: TrainingTable
    /// The latest evaluation.
    let evaluation: EvaluationRecord
    /// Name of the model.
    let title: String
    /// Worst images, in the order of the evaluation, as JPEG with their size.
    let images: [ReportImage]

    /// The page.
    var html: String {
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(escaped(title))</title>
        <style>\(Self.style)</style>
        <h1>\(escaped(title))</h1>
        <p>\(summary)</p>
        <h2>Curves</h2>
        <div class="row">\(curves.joined())</div>
        <h2>Classes</h2>
        \(classes)
        <h2>Precision by recall at IoU 0.50</h2>
        \(precision)
        <h2>Confusion at score \(evaluation.score.formatted)</h2>
        <p>Rows: the object. Columns: the detection.</p>
        \(confusion)
        <h2>Images with most errors</h2>
        <p>Annotated objects are green, detections from score \(evaluation.score.formatted) on are orange.</p>
        <div class="row">\(zip(evaluation.worst, images).map(worst).joined())</div>
        </html>

        """
    }

    static let style = """
        body{font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:1100px;padding:0 1em;color:#222;background:#fff}
        .row{display:flex;flex-wrap:wrap;gap:16px}figure{margin:0}figcaption{font-size:13px;color:#555}
        table{border-collapse:collapse}td,th{padding:3px 10px;text-align:right;border-bottom:1px solid #ddd}
        td:first-child,th:first-child{text-align:left}svg text{font:11px system-ui,sans-serif}
        @media(prefers-color-scheme:dark){body{background:#181a1b;color:#ddd}td,th{border-color:#444}
        figcaption{color:#aaa}svg text{fill:#ccc}}
        """

    private var summary: String {
        let figures = [
            "AP \(evaluation.averagePrecision.formatted)",
            "AP50 \(evaluation.averagePrecision50.formatted)",
        ]
        let sizes = zip(["small", "medium", "large"], evaluation.averagePrecisionBySize)
            .map { "AP \($0) \($1.formatted)" }
        return "Epoch \(evaluation.epoch.formatted), \(evaluation.images) held-out images: "
            + (figures + sizes).joined(separator: ", ") + "."
    }

    private var curves: [String] {
        let losses = ["objectness", "proposals", "classes", "boxes"].map {
            Chart.Line(name: $0, points: table.points($0).thinned(to: 300))
        }
        let precision = ["AP50", "AP"].map { Chart.Line(name: $0, points: table.points($0)) }
        let rate = [Chart.Line(name: "rate", points: table.points("rate").thinned(to: 300))]
        return [
            Chart(title: "Losses by epoch", lines: losses).svg,
            Chart(title: "Average precision by epoch", lines: precision).svg,
            Chart(title: "Learning rate by epoch", lines: rate).svg,
        ]
    }

    private var classes: String {
        let rows = evaluation.classes.map {
            "<tr><td>\(escaped($0.name))<td>\($0.objects)<td>\($0.averagePrecision.formatted)"
                + "<td>\($0.averagePrecision50.formatted)</tr>"
        }
        return "<table><tr><th>class<th>objects<th>AP<th>AP50</tr>\(rows.joined())</table>"
    }

    private var precision: String {
        let lines = evaluation.classes.filter { !$0.precisions50.isEmpty }.map { figures in
            Chart.Line(
                name: figures.name,
                points: figures.precisions50.enumerated().map { (Double($0) / 100, $1) })
        }
        return Chart(title: "Recall (across), precision (up)", lines: lines).svg
    }

    private var confusion: String {
        let names = evaluation.classes.map { escaped($0.name) }
        let head = (names + ["missed"]).map { "<th>\($0)" }.joined()
        let rows = zip(names + ["no object"], evaluation.confusion).map { name, row in
            let total = max(1, row.reduce(0, +))
            let cells = row.map { count in
                let share = Double(count) / Double(total)
                return "<td style=\"background:rgba(70,130,220,\(share.formatted))\">\(count)"
            }
            return "<tr><td>\(name)\(cells.joined())</tr>"
        }
        return "<table><tr><th>\(head)</tr>\(rows.joined())</table>"
    }

    private func worst(_ worst: EvaluationRecord.WorstImage, _ image: ReportImage) -> String {
        let boxes = worst.boxes.map { drawn -> String in
            let color = drawn.score == nil ? "#2ecc40" : "#ff851b"
            let name = evaluation.classes[drawn.classIndex].name
            let label = drawn.score.map { "\(name) \($0.formatted)" } ?? name
            let box = drawn.box
            let line = drawn.score == nil ? box[1] + box[3] + 10 : box[1] - 3
            return
                "<rect x=\"\(box[0])\" y=\"\(box[1])\" width=\"\(box[2])\" height=\"\(box[3])\" fill=\"none\" "
                + "stroke=\"\(color)\" stroke-width=\"1.5\"/><text x=\"\(box[0])\" y=\"\(line)\" "
                + "style=\"fill:\(color)\">\(escaped(label))</text>"
        }
        return """
            <figure><svg width="520" viewBox="0 0 \(image.width) \(image.height)">\
            <image width="\(image.width)" height="\(image.height)" \
            href="data:image/jpeg;base64,\(image.jpeg.base64EncodedString())"/>\(boxes.joined())</svg>\
            <figcaption>\(escaped(image.name)): \(worst.errors) errors</figcaption></figure>
            """
    }
}

/// An image of the report.
struct ReportImage {
    /// Name of its file.
    var name: String
    /// Width in pixels.
    var width: Int
    /// Height in pixels.
    var height: Int
    /// The encoded image.
    var jpeg: Data
}

/// Text with the characters escaped that HTML gives a meaning.
func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
}

extension Double? {
    fileprivate var formatted: String { map { String(format: "%.3f", $0) } ?? "–" }
}

extension Double {
    fileprivate var formatted: String { String(format: "%.2f", self) }
}

extension Float {
    fileprivate var formatted: String { String(format: "%.2f", self) }
}
