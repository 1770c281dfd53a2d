/// Line widths and text sizes in pixels, for one picture size.
///
/// All are proportional to the shorter side of the picture as displayed, so that portrait and landscape
/// recordings get the same text.
struct DrawingSizes: Hashable, Sendable {
    /// Thickness of horizontal lines.
    let line: Int
    /// Thickness of vertical lines: differs from `line` where pixels are not square.
    let verticalLine: Int
    /// Rows of the font's em square.
    let textHeight: Int
    /// Columns of the font's em square.
    let textWidth: Int

    init(width: Int, height: Int, sampleAspect: Float, options: OverlayOptions) {
        let aspect = sampleAspect.isFinite && sampleAspect > 0 ? sampleAspect.clamped(0.1, 10) : 1
        let side = min(Float(height), Float(width) * aspect)
        let line = max(max(side / 360, 1) * options.lineScale.clamped(0.25, 8), 1)
        let text = max(side / 52, 10) * options.textScale.clamped(0.25, 8)
        self.line = Int(line.rounded())
        verticalLine = max(Int((line / aspect).rounded()), 1)
        textHeight = max(Int(text.rounded()), 6)
        textWidth = max(Int((text / aspect).rounded()), 4)
    }
}

extension Float {
    /// The nearest value between two bounds; the lower one for NaN.
    func clamped(_ low: Float, _ high: Float) -> Float {
        isNaN ? low : Swift.min(Swift.max(self, low), high)
    }
}
