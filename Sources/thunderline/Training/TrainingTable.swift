import Foundation

/// The rows of `train.csv`.
struct TrainingTable {
    private let columns: [String]
    private let rows: [[Substring]]

    /// Reads the text of the file; lines that are cut off are left out.
    init(_ text: String) {
        let lines = text.split(whereSeparator: \.isNewline)
        let columns = lines.first.map { $0.split(separator: ",").map(String.init) } ?? []
        self.columns = columns
        rows = lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
            .filter { $0.count == columns.count }
    }

    /// The finite values of a column by epoch; rows without one are left out.
    func points(_ column: String) -> [(x: Double, y: Double)] {
        guard let epoch = columns.firstIndex(of: "epoch"),
            let place = columns.firstIndex(of: column)
        else { return [] }
        return rows.compactMap { row in
            guard let x = Double(row[epoch]), let y = Double(row[place]), y.isFinite else {
                return nil
            }
            return (x, y)
        }
    }
}
