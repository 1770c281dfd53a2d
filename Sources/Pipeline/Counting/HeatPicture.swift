package import Analytics
internal import Foundation
internal import Overlay
package import Video

/// A heat map with the frame on which it is drawn.
package struct HeatPicture: Sendable {
    private let map: HeatMap
    private let background: SharedFrame?

    /// A map over a frame; without a frame only CSV can be written.
    package init(_ map: HeatMap, over background: SharedFrame?) {
        self.map = map
        self.background = background
    }

    /// Writes CSV or an image by the extension of `path`; replaces an existing file.
    ///
    /// - Throws: A ``RunError`` or an error of FFmpeg when the file cannot be written.
    package func write(to path: String) throws {
        if path.lowercased().hasSuffix(".csv") {
            do {
                let text = map.csv { DecimalText.text($0, decimals: 2) }
                try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
            } catch {
                throw RunError("Writing the heat map \(path)", writing: error)
            }
        } else if let background {
            var picture = try background.frame.shared()
            try picture.withMutablePicture {
                HeatDrawing.draw(map.levels, columns: map.columns, on: &$0)
            }
            try ImageFile.write(picture, to: path)
        }
    }
}

/// A frame that outlives the pipeline's own.
package final class SharedFrame: Sendable {
    /// The frame; it is only read.
    package let frame: Frame

    /// Takes a frame.
    package init(_ frame: consuming Frame) { self.frame = frame }
}
