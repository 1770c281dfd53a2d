internal import Tensors

/// Images resized and normalised for a model's network, for calibration and comparison.
public struct NetworkImages: Sendable {
    private(set) var tensors: [Tensor] = []
    private var input: ImageInput

    /// Creates an empty list; a nil side is the model's own.
    public init(model: Model, width: Int? = nil, height: Int? = nil) {
        let own = model.description.input
        input = ImageInput(
            width: width ?? own.width, height: height ?? own.height,
            normalization: own.normalization, fit: own.fit)
    }

    /// Number of images.
    public var count: Int { tensors.count }

    /// Adds an image.
    ///
    /// - Parameters:
    ///   - rgb: 8-bit red, green, blue, rows without gaps.
    ///   - width: Width of the image in pixels; any.
    ///   - height: Height of the image in pixels; any.
    public mutating func add(rgb: Span<UInt8>, width: Int, height: Int) {
        let area = input.width * input.height
        var pixels = [Float](repeating: 0, count: 3 * area)
        var span = pixels.mutableSpan
        input.fill(
            &span, ImageLayout(origin: 0, rowStride: 3 * input.width), rgb: rgb, width: width,
            height: height)
        let shape = Shape(channels: 3, height: input.height, width: input.width)
        tensors.append(Tensor(shape, (0..<3 * area).map { pixels[3 * ($0 % area) + $0 / area] }))
    }
}
