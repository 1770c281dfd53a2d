import Foundation
import Training

/// The report of a classifier's run as one self-contained HTML page: curves, and classes with their confusions.
struct ClassificationReport {
    /// Rows of `train.csv`.
    let table: TrainingTable
    /// The latest evaluation.
    let evaluation: ClassificationRecord
    /// Name of the run.
    let title: String

    /// The page.
    var html: String {
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(escaped(title))</title>
        <style>\(TrainingReport.style)</style>
        <h1>\(escaped(title))</h1>
        <p>Epoch \(Self.number(evaluation.epoch)), \(evaluation.images) held-out images: \
        top-1 \(Self.number(evaluation.top1)), top-5 \(Self.number(evaluation.top5)).</p>
        <h2>Curves</h2>
        <div class="row">\(curves.joined())</div>
        <h2>Classes</h2>
        <p>The hardest first, with the classes that they are mistaken for.</p>
        <table><tr><th>class<th>images<th>top-1<th>mistaken for</tr>\(rows.joined())</table>
        </html>

        """
    }

    private var curves: [String] {
        func lines(_ names: [String]) -> [Chart.Line] {
            names.map { Chart.Line(name: $0, points: table.points($0).thinned(to: 300)) }
        }
        return [
            Chart(title: "Loss by epoch", lines: lines(["loss"])).svg,
            Chart(title: "Accuracy by epoch", lines: lines(["top5", "top1"])).svg,
            Chart(title: "Learning rate by epoch", lines: lines(["rate"])).svg,
        ]
    }

    private var rows: [String] {
        let classes = evaluation.classes.filter { $0.images > 0 }
            .map { (share: Double($0.correct) / Double($0.images), figures: $0) }
            .sorted { ($0.share, $0.figures.name) < ($1.share, $1.figures.name) }
        return classes.map { share, figures in
            let mistakes = figures.mistaken.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                .prefix(3).map { "\(escaped($0.key)) \($0.value)" }.joined(separator: ", ")
            return "<tr><td>\(escaped(figures.name))<td>\(figures.images)"
                + "<td>\(Self.number(share))<td>\(mistakes)</tr>"
        }
    }

    private static func number(_ value: Double) -> String { String(format: "%.3f", value) }
}
