/// Rectangle on a detector's input canvas that a scaled frame covers.
public struct CanvasRectangle: Hashable, Sendable {
    /// Left edge in canvas columns.
    public let x: Int
    /// Top edge in canvas rows.
    public let y: Int
    /// Width in pixels.
    public let width: Int
    /// Height in pixels.
    public let height: Int
    /// Width of the canvas.
    public let canvasWidth: Int
    /// Height of the canvas.
    public let canvasHeight: Int

    /// Creates a rectangle.
    ///
    /// Precondition: at least one pixel wide and high, within the canvas.
    public init(x: Int, y: Int, width: Int, height: Int, canvasWidth: Int, canvasHeight: Int) {
        precondition(x >= 0 && y >= 0 && width > 0 && height > 0, "the rectangle is empty")
        precondition(
            x + width <= canvasWidth && y + height <= canvasHeight,
            "the rectangle leaves the canvas")
        self.x = x
        self.y = y
        self.width = width
        self.height = height
        self.canvasWidth = canvasWidth
        self.canvasHeight = canvasHeight
    }

    /// Covers the whole canvas, ignoring the aspect ratio.
    public static func stretch(canvasWidth: Int, canvasHeight: Int) -> CanvasRectangle {
        CanvasRectangle(
            x: 0, y: 0, width: canvasWidth, height: canvasHeight, canvasWidth: canvasWidth,
            canvasHeight: canvasHeight)
    }

    /// Largest centred rectangle with the frame's aspect ratio.
    public static func letterbox(
        frameWidth: Int, frameHeight: Int, canvasWidth: Int, canvasHeight: Int
    ) -> CanvasRectangle {
        precondition(frameWidth > 0 && frameHeight > 0, "the frame is empty")
        let scale = min(
            Double(canvasWidth) / Double(frameWidth), Double(canvasHeight) / Double(frameHeight)
        )
        let width = min(max(Int((Double(frameWidth) * scale).rounded()), 1), canvasWidth)
        let height = min(max(Int((Double(frameHeight) * scale).rounded()), 1), canvasHeight)
        return CanvasRectangle(
            x: (canvasWidth - width) / 2, y: (canvasHeight - height) / 2, width: width,
            height: height, canvasWidth: canvasWidth, canvasHeight: canvasHeight)
    }
}
