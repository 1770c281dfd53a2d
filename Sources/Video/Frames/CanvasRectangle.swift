/// Where a scaled picture lies on the canvas that a detector looks at.
public struct CanvasRectangle: Hashable, Sendable {
    /// Left edge, in columns of the canvas.
    public let x: Int
    /// Upper edge, in rows of the canvas.
    public let y: Int
    /// Columns that the picture takes.
    public let width: Int
    /// Rows that the picture takes.
    public let height: Int
    /// Columns of the canvas.
    public let canvasWidth: Int
    /// Rows of the canvas.
    public let canvasHeight: Int

    /// A rectangle that must lie inside the canvas and be at least one pixel wide and high.
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

    /// The whole canvas, whatever the picture's proportions.
    public static func stretch(canvasWidth: Int, canvasHeight: Int) -> CanvasRectangle {
        CanvasRectangle(
            x: 0, y: 0, width: canvasWidth, height: canvasHeight, canvasWidth: canvasWidth,
            canvasHeight: canvasHeight)
    }

    /// The largest centred rectangle with the picture's proportions.
    public static func letterbox(
        frameWidth: Int, frameHeight: Int, canvasWidth: Int, canvasHeight: Int
    ) -> CanvasRectangle {
        precondition(frameWidth > 0 && frameHeight > 0, "the picture is empty")
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
