/// Sizes of what is drawn, in pixels, for pictures of one size.
///
/// All follow the picture's height as it is shown (the width of a picture that stands upright, so that a
/// phone held either way gets the same text).
struct Measures: Hashable, Sendable {
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
