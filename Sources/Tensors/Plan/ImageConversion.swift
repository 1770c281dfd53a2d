/// Conversion of planes of samples to an image input: resize, colour conversion, normalisation.
///
/// Independent of the planes' addresses; see ``Plan/load(image:slot:_:_:_:at:)``.
public struct ImageConversion: Sendable {
    /// One direction of a resize: each output position is a weighted sum of adjacent source positions.
    public struct Axis: Hashable, Sendable {
        /// First source position of each output position; non-decreasing.
        public private(set) var first: [Int32] = []
        /// Number of source positions of each output position, at least one.
        public private(set) var count: [Int32] = []
        /// Index of the first weight of each output position.
        public private(set) var offset: [Int32] = []
        /// The weights of all output positions, one after another.
        public private(set) var weights: [Float] = []

        /// An axis without output positions.
        public init() {}

        /// Adds an output position that sums the source from `first` on.
        public mutating func append(first position: Int, weights numbers: some Collection<Float>) {
            precondition(!numbers.isEmpty, "an output position has weights")
            let end = position + numbers.count
            precondition(position >= (first.last ?? 0) && end >= self.end, "positions are sorted")
            first.append(Int32(position))
            count.append(Int32(numbers.count))
            offset.append(Int32(weights.count))
            weights.append(contentsOf: numbers)
        }

        /// Source positions that must exist.
        var end: Int { Int((first.last ?? 0) + (count.last ?? 0)) }
    }

    /// A plane of samples.
    public struct Plane: Hashable, Sendable {
        /// Samples per row, of all components together.
        public var samples: Int
        /// Samples from one column to the next.
        public var step: Int
        /// The horizontal resize.
        public var horizontal: Axis
        /// The vertical resize.
        public var vertical: Axis

        /// Creates a plane.
        public init(samples: Int, step: Int, horizontal: Axis, vertical: Axis) {
            precondition(horizontal.end * step <= samples, "a row holds the samples of the axis")
            (self.samples, self.step) = (samples, step)
            (self.horizontal, self.vertical) = (horizontal, vertical)
        }
    }

    /// Location of a component.
    public struct Component: Hashable, Sendable {
        /// Index of the plane.
        public var plane: Int
        /// Index of the sample within a column.
        public var phase: Int

        /// Creates a location.
        public init(plane: Int, phase: Int = 0) {
            (self.plane, self.phase) = (plane, phase)
        }
    }

    /// One number of a pixel: clamp(Σ components·factors + offset, 0, 255)·scale + shift.
    public struct Color: Hashable, Sendable {
        /// Factor of each component.
        public var factors: SIMD3<Float>
        /// Offset added before the clamp to 0…255.
        public var offset: Float
        /// Factor after the clamp.
        public var scale: Float
        /// Offset added last.
        public var shift: Float

        /// Creates a colour.
        public init(factors: SIMD3<Float>, offset: Float, scale: Float, shift: Float) {
            (self.factors, self.offset) = (factors, offset)
            (self.scale, self.shift) = (scale, shift)
        }
    }

    /// One to three planes.
    public var planes: [Plane]
    /// Significant bits of a sample, 8 to 16.
    ///
    /// Samples of more than 8 bits take two bytes, little-endian.
    public var sampleBits: Int
    /// Three components; a factor of zero ignores one.
    public var components: InlineArray<3, Component>
    /// The three numbers of a pixel, in the network's channel order.
    public var colors: InlineArray<3, Color>
    /// Column and row of the frame's upper left corner in the input.
    public var left: Int, top: Int

    /// Bytes of a sample.
    var sampleBytes: Int { sampleBits > 8 ? 2 : 1 }

    /// Columns of the frame in the input.
    public var width: Int { planes[0].horizontal.first.count }
    /// Rows of the frame in the input.
    public var height: Int { planes[0].vertical.first.count }

    /// Creates a conversion.
    public init(
        planes: [Plane], sampleBits: Int, components: InlineArray<3, Component>,
        colors: InlineArray<3, Color>, left: Int = 0, top: Int = 0
    ) {
        precondition((1...3).contains(planes.count) && (8...16).contains(sampleBits))
        (self.planes, self.sampleBits) = (planes, sampleBits)
        (self.components, self.colors) = (components, colors)
        (self.left, self.top) = (left, top)
        for plane in planes {
            precondition(
                plane.horizontal.first.count == width && plane.vertical.first.count == height,
                "all planes are resized to one size")
        }
    }

    /// Location of a plane's rows in its bytes.
    public struct Rows: Hashable, Sendable {
        /// Index of the first row's first byte.
        public var origin: Int
        /// Bytes from row to row; negative where rows are stored bottom up.
        public var stride: Int

        /// Creates a location.
        public init(origin: Int, stride: Int) { (self.origin, self.stride) = (origin, stride) }
    }

    /// True when `bytes` bytes hold every sample that a plane's axes read.
    func fits(plane: Int, _ rows: Rows, bytes: Int) -> Bool {
        let last = rows.origin + (planes[plane].vertical.end - 1) * rows.stride
        return min(rows.origin, last) >= 0
            && max(rows.origin, last) + planes[plane].samples * sampleBytes <= bytes
    }
}
