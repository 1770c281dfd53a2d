import Foundation

/// A line chart as SVG, with a grid, a scale and a legend.
struct Chart {
    /// One line of a chart.
    struct Line {
        /// Name in the legend.
        var name: String
        /// Points in ascending order of x.
        var points: [(x: Double, y: Double)]
    }

    /// Title below the chart.
    let title: String
    /// The lines; those without points are left out.
    let lines: [Line]
    private static let colors = [
        "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#17becf", "#7f7f7f",
    ]
    private static let (width, height, left, bottom) = (500.0, 260.0, 48.0, 24.0)

    /// The chart as a `figure` element.
    var svg: String {
        let shown = lines.filter { !$0.points.isEmpty }
        let points = shown.flatMap(\.points)
        guard let right = points.map(\.x).max(), let top = points.map(\.y).max() else {
            return "<figure><figcaption>\(title): no data yet</figcaption></figure>"
        }
        let scale = Scale(right: right > 0 ? right : 1, top: top > 0 ? top : 1)
        let drawn = shown.enumerated().map { index, line in
            let color = Self.colors[index % Self.colors.count]
            let path = line.points.map { scale.position($0.x, $0.y) }.joined(separator: " ")
            let y = 16 + 14 * index
            return
                "<polyline fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.5\" points=\"\(path)\"/>"
                + "<text x=\"\(Self.width - 6)\" y=\"\(y)\" text-anchor=\"end\" style=\"fill:\(color)\">\(escaped(line.name))</text>"
        }
        return """
            <figure><svg width="\(Self.width)" viewBox="0 0 \(Self.width) \(Self.height)">\
            \(scale.grid)\(drawn.joined())</svg><figcaption>\(title)</figcaption></figure>
            """
    }

    /// The mapping from values to pixels; both axes begin at 0.
    private struct Scale {
        let right: Double
        let top: Double

        func position(_ x: Double, _ y: Double) -> String {
            String(format: "%.1f,%.1f", across(x), up(y))
        }

        private func across(_ x: Double) -> Double {
            Chart.left + x / right * (Chart.width - Chart.left - 4)
        }

        private func up(_ y: Double) -> Double {
            Chart.height - Chart.bottom - y / top * (Chart.height - Chart.bottom - 6)
        }

        /// Four lines with their values on either axis.
        var grid: String {
            (0...4).map { step in
                let (x, y) = (right * Double(step) / 4, top * Double(step) / 4)
                let line = String(
                    format:
                        "<line x1=\"%.0f\" x2=\"%.0f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#8886\"/>",
                    Chart.left, Chart.width - 4, up(y), up(y))
                let ofY = String(
                    format: "<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%.3g</text>",
                    Chart.left - 5, up(y) + 4, y)
                let ofX = String(
                    format: "<text x=\"%.1f\" y=\"%.0f\" text-anchor=\"middle\">%.3g</text>",
                    min(across(x), Chart.width - 14), Chart.height - 7, x)
                return line + ofY + ofX
            }.joined()
        }
    }
}

extension [(x: Double, y: Double)] {
    /// The means of at most `count` runs of neighbouring points.
    func thinned(to count: Int) -> [(x: Double, y: Double)] {
        let size = Swift.max(1, (self.count + count - 1) / count)
        return stride(from: 0, to: self.count, by: size).map { start in
            let part = self[start..<Swift.min(start + size, self.count)]
            let total = Double(part.count)
            return (
                part.reduce(0) { $0 + $1.x } / total, part.reduce(0) { $0 + $1.y } / total
            )
        }
    }
}
