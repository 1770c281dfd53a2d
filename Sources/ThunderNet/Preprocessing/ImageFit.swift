import Scene

/// Fit of an image to an input of another aspect ratio.
public enum ImageFit: String, Hashable, Sendable, CaseIterable {
    /// Scales width and height independently, as in the training of the shipped model.
    case stretch
    /// Keeps the aspect ratio and fills the rest of the input with the mean colour.
    case letterbox
}

/// Placement of an image in the network's input, with the inverse mapping of boxes.
struct ImagePlacement: Hashable, Sendable {
    /// Size of the image in pixels.
    let imageWidth, imageHeight: Int
    /// Size in the input in pixels.
    let width, height: Int
    /// Upper left corner in the input.
    let left, top: Int

    /// Places an image in an input.
    init(
        imageWidth: Int, imageHeight: Int, inputWidth: Int, inputHeight: Int, fit: ImageFit
    ) {
        self.imageWidth = imageWidth
        self.imageHeight = imageHeight
        let horizontal = Double(inputWidth) / Double(imageWidth)
        let vertical = Double(inputHeight) / Double(imageHeight)
        let scale = min(horizontal, vertical)
        func scaled(_ side: Int, _ limit: Int) -> Int {
            guard fit == .letterbox else { return limit }
            return max(1, min(limit, Int((Double(side) * scale).rounded())))
        }
        width = scaled(imageWidth, inputWidth)
        height = scaled(imageHeight, inputHeight)
        left = (inputWidth - width) / 2
        top = (inputHeight - height) / 2
    }

    /// Converts a box of the input to pixels of the image, clipped to the image.
    func imageBox(of box: Box) -> Box {
        let horizontal = Float(imageWidth) / Float(width)
        let vertical = Float(imageHeight) / Float(height)
        func across(_ x: Float) -> Float {
            max(0, min((x - Float(left)) * horizontal, Float(imageWidth)))
        }
        func down(_ y: Float) -> Float {
            max(0, min((y - Float(top)) * vertical, Float(imageHeight)))
        }
        return Box(
            left: across(box.x), top: down(box.y), right: across(box.right),
            bottom: down(box.bottom))
    }
}
