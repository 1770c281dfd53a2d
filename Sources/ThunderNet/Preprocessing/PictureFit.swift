import Scene

/// How a picture whose sides are in another proportion than the input's is made to fit.
public enum PictureFit: String, Hashable, Sendable, CaseIterable {
    /// Each side is scaled by itself; what the shipped model was trained with.
    case stretch
    /// Both sides are scaled alike, and the rest of the input is filled with the mean colour.
    case letterbox
}

/// Where a picture lies in the network's input, and the way back for boxes.
struct PicturePlacement: Hashable, Sendable {
    /// Size of the picture in pixels.
    let pictureWidth, pictureHeight: Int
    /// Size it takes in the input.
    let width, height: Int
    /// Its upper left corner in the input.
    let left, top: Int

    /// Places a picture in an input.
    init(
        pictureWidth: Int, pictureHeight: Int, inputWidth: Int, inputHeight: Int, fit: PictureFit
    ) {
        self.pictureWidth = pictureWidth
        self.pictureHeight = pictureHeight
        let horizontal = Double(inputWidth) / Double(pictureWidth)
        let vertical = Double(inputHeight) / Double(pictureHeight)
        let scale = min(horizontal, vertical)
        func scaled(_ side: Int, _ limit: Int) -> Int {
            guard fit == .letterbox else { return limit }
            return max(1, min(limit, Int((Double(side) * scale).rounded())))
        }
        width = scaled(pictureWidth, inputWidth)
        height = scaled(pictureHeight, inputHeight)
        left = (inputWidth - width) / 2
        top = (inputHeight - height) / 2
    }

    /// A box of the input in pixels of the picture, clipped to it.
    func picture(_ box: Box) -> Box {
        let horizontal = Float(pictureWidth) / Float(width)
        let vertical = Float(pictureHeight) / Float(height)
        func across(_ x: Float) -> Float {
            max(0, min((x - Float(left)) * horizontal, Float(pictureWidth)))
        }
        func down(_ y: Float) -> Float {
            max(0, min((y - Float(top)) * vertical, Float(pictureHeight)))
        }
        return Box(
            left: across(box.x), top: down(box.y), right: across(box.right),
            bottom: down(box.bottom))
    }
}
