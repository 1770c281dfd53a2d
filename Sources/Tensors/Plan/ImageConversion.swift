/// How planes of samples become an image input: resized, turned into three numbers a pixel, normalised.
///
/// Says nothing of where the planes lie; see ``Plan/load(image:slot:_:_:_:at:)``.
public struct ImageConversion: Sendable {
    /// One direction of a resize: each place of the result is a weighted sum of adjacent places of the source.
    public struct Axis: Hashable, Sendable {
        /// The first source place of each place of the result; never goes back.
        public private(set) var first: [Int32] = []
        /// How many places are summed, at least one.
        public private(set) var count: [Int32] = []
        /// Where the weights of each place of the result begin.
        public private(set) var offset: [Int32] = []
        /// The weights, place after place.
        public private(set) var weights: [Float] = []

        /// No places yet.
        public init() {}

        /// Adds a place of the result that sums the source from `first` on.
        public mutating func append(first place: Int, weights numbers: some Collection<Float>) {
            precondition(!numbers.isEmpty, "a place of the result sums something")
            let end = place + numbers.count
            precondition(place >= (first.last ?? 0) && end >= self.end, "places never go back")
            first.append(Int32(place))
            count.append(Int32(numbers.count))
            offset.append(Int32(weights.count))
            weights.append(contentsOf: numbers)
        }

        /// Source places that must exist.
        var end: Int { Int((first.last ?? 0) + (count.last ?? 0)) }
    }

    /// A plane of samples.
    public struct Plane: Hashable, Sendable {
        /// Samples in a row, those of all components together.
        public var samples: Int
        /// Samples from one column to the next.
        public var step: Int
        /// How a row becomes one of the result.
        public var horizontal: Axis
        /// How the rows become those of the result.
        public var vertical: Axis

        /// A plane by its parts.
        public init(samples: Int, step: Int, horizontal: Axis, vertical: Axis) {
            precondition(horizontal.end * step <= samples, "a row has the samples that are summed")
            (self.samples, self.step) = (samples, step)
            (self.horizontal, self.vertical) = (horizontal, vertical)
        }
    }

    /// Where a component stands.
    public struct Component: Hashable, Sendable {
        /// In which plane.
        public var plane: Int
        /// At which of a column's samples.
        public var phase: Int

        /// A component by its place.
        public init(plane: Int, phase: Int = 0) {
            (self.plane, self.phase) = (plane, phase)
        }
    }

    /// One number of a pixel: (Σ components·factors + offset, held within 0 and 255)·scale + shift.
    public struct Color: Hashable, Sendable {
        /// What each component is multiplied with.
        public var factors: SIMD3<Float>
        /// What is added before the sum is held within 0 and 255.
        public var offset: Float
        /// What is multiplied with afterwards.
        public var scale: Float
        /// What is added in the end.
        public var shift: Float

        /// A number by its parts.
        public init(factors: SIMD3<Float>, offset: Float, scale: Float, shift: Float) {
            (self.factors, self.offset) = (factors, offset)
            (self.scale, self.shift) = (scale, shift)
        }
    }

    /// One to three planes.
    public var planes: [Plane]
    /// Bits of a sample that count, 8 to 16: more than 8 are two bytes, the lower one first.
    public var sampleBits: Int
    /// Three components; a factor of zero leaves one out.
    public var components: InlineArray<3, Component>
    /// The three numbers of a pixel, in the network's order.
    public var colors: InlineArray<3, Color>
    /// Column and row of the input where the picture begins.
    public var left: Int, top: Int

    /// Bytes of a sample.
    var sampleBytes: Int { sampleBits > 8 ? 2 : 1 }

    /// Columns that the picture takes in the input.
    public var width: Int { planes[0].horizontal.first.count }
    /// Rows that the picture takes in the input.
    public var height: Int { planes[0].vertical.first.count }

    /// A conversion by its parts.
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
                "all planes are brought to one size")
        }
    }

    /// Where the first row of a plane begins in the bytes that hold it, and bytes from row to row.
    public struct Place: Hashable, Sendable {
        /// Place of the first row's first byte.
        public var origin: Int
        /// Bytes to the next row; negative where rows are stored bottom up.
        public var stride: Int

        /// A place by its parts.
        public init(origin: Int, stride: Int) { (self.origin, self.stride) = (origin, stride) }
    }

    /// Whether every sample that a plane's axes ask for lies inside so many bytes.
    func fits(plane: Int, _ place: Place, bytes: Int) -> Bool {
        let last = place.origin + (planes[plane].vertical.end - 1) * place.stride
        return min(place.origin, last) >= 0
            && max(place.origin, last) + planes[plane].samples * sampleBytes <= bytes
    }
}
