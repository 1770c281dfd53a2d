internal import Foundation

extension SetFindings {
    /// Formats the findings: counts, sizes, and the first problems of each kind.
    ///
    /// - Parameter limit: Maximum number of listed problems per kind.
    /// - Returns: Text of several lines.
    public func text(limit: Int = 5) -> String {
        let objects = classes.reduce(0) { $0 + $1.objects }
        var lines = [
            "\(name): \(pictures) images (\(empty) without objects), \(objects) objects"
        ]
        let width = max(5, classes.map(\.name.count).max() ?? 0) + 2
        lines.append(
            row(["class", "objects", "images", "ignored", "10%", "median", "90%"], width))
        for entry in classes {
            let sides = [0.1, 0.5, 0.9].map { share in
                entry.side(share).map { String(format: "%.1f", $0) } ?? "-"
            }
            let counts = ["\(entry.objects)", "\(entry.pictures)", "\(entry.ignored)"]
            lines.append(row([entry.name] + counts + sides, width))
        }
        if regions > 0 { lines.append("ignored regions: \(regions)") }
        if !unlabelled.isEmpty {
            lines.append("unlabelled: \(unlabelled.joined(separator: ", "))")
        }
        lines += section("unreadable image", "unreadable images", unreadable, limit)
        lines += section(
            "image differs in size from its annotations",
            "images differ in size from their annotations",
            resized, limit)
        lines += section("empty box", "empty boxes", emptyBoxes, limit)
        lines += section(
            "box extends beyond its image", "boxes extend beyond their images", outside, limit)
        lines += section("notice", "notices", notices, limit)
        return lines.joined(separator: "\n")
    }

    private func section(
        _ one: String, _ several: String, _ list: [DatasetNotice], _ limit: Int
    ) -> [String] {
        guard !list.isEmpty else { return [] }
        let rest = list.count > limit ? ["  … and \(list.count - limit) more"] : []
        return ["\(list.count) \(list.count == 1 ? one : several):"]
            + list.prefix(limit).map { "  \($0)" } + rest
    }

    private func row(_ cells: [String], _ width: Int) -> String {
        let name = cells[0].padding(toLength: width, withPad: " ", startingAt: 0)
        return cells.dropFirst().reduce(name) { line, cell in
            line + String(repeating: " ", count: max(1, 10 - cell.count)) + cell
        }
    }
}
