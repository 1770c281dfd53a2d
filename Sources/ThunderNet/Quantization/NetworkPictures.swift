internal import Tensors

/// Pictures as a network reads them, resized and normalised as a model wants them: to calibrate and compare on.
public struct NetworkPictures: Sendable {
    private(set) var tensors: [Tensor] = []
    private var input: PictureInput

    /// No pictures yet; a nil side is the model's own.
    public init(model: Model, width: Int? = nil, height: Int? = nil) {
        let own = model.description.input
        input = PictureInput(
            width: width ?? own.width, height: height ?? own.height,
            normalization: own.normalization, fit: own.fit)
    }

    /// How many there are.
    public var count: Int { tensors.count }

    /// Adds a picture.
    ///
    /// - Parameters:
    ///   - rgb: 8-bit red, green, blue, rows without gaps.
    ///   - width: Width of the picture in pixels; any.
    ///   - height: Height of the picture in pixels; any.
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
