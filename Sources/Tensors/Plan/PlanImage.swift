import CKernels
internal import Flow

/// An ``ImageConversion`` laid out for the kernels, with its scratch memory.
///
/// SAFETY: the pointers lead into `memory`, which lives as long; only the plan that owns this reaches them, and
/// the planes' own addresses are only there during a call.
@safe
final class ImageLoader: @unchecked Sendable {
    let conversion: ImageConversion
    let call: UnsafeMutablePointer<PlanCall>
    let description: UnsafeMutablePointer<ck_image>
    private let memory: PlanMemory

    /// Source samples of the widest plane that are worked on at a time: few enough for the second-level cache.
    private static let samplesAtOnce = 512

    init(_ conversion: ImageConversion, _ kernels: Kernels, parts: Int) {
        let width = conversion.width
        let widest = conversion.planes.map(\.samples).max() ?? width
        let pixels = max(1, Self.samplesAtOnce * width / max(widest, 1)).roundedUp(to: 16)
        let chunk = min(pixels, width)
        let runs = conversion.planes.map { $0.longestRun(chunk: chunk) + 4 * kernels.width }
        let limit = max(runs.max() ?? 0, 3 * chunk + kernels.width)
        let scratchCount = (3 * limit * kernels.width).roundedUp(to: 16)
        let memory = PlanMemory(arenaCount: scratchCount * parts)
        unsafe description = unsafe memory.keep([
            ck_image(conversion, chunk: chunk, runLimit: limit, output: memory.arena, memory)
        ])
        let step = unsafe PlanStep.image(
            UnsafePointer(description), scratch: memory.arena, scratchCount: scratchCount)
        unsafe call = unsafe memory.keepCalls([
            PlanCall(kernels: kernels, step: step, parts: parts, units: conversion.height)
        ])
        self.conversion = conversion
        self.memory = memory
    }
}

extension ImageConversion.Plane {
    /// The most samples that `chunk` adjacent pixels of the result need.
    fileprivate func longestRun(chunk: Int) -> Int {
        let places = horizontal.first.indices
        return places.map { place in
            let last = min(place + chunk, places.count) - 1
            return step
                * Int(horizontal.first[last] + horizontal.count[last] - horizontal.first[place])
        }.max() ?? 0
    }

    fileprivate func description(_ memory: PlanMemory) -> ck_plane {
        unsafe ck_plane(
            base: nil, stride: 0, samples: samples, step: step,
            horizontal: horizontal.description(memory), vertical: vertical.description(memory),
            pairs: (
                horizontal.pairs(step: step, start: 0, memory),
                horizontal.pairs(step: step, start: 1, memory)
            ))
    }
}

extension ImageConversion.Axis {
    /// The weights of a place in parts of `unit`, at most `most`, rounded so that their sums are what the weights' are.
    private func shares(of place: Int, unit: Double, most: Double) -> [Double] {
        var sum = 0.0, given = 0.0
        return weights[Int(offset[place])..<Int(offset[place] + count[place])].map { weight in
            sum += Double(weight) * unit
            let share = min(max((sum - given).rounded(), 0), most)
            given += share
            return share
        }
    }

    /// The weights for pairs of samples, where those of a place are `step` apart and the first is number `start` of its pair.
    fileprivate func pairs(step: Int, start: Int, _ memory: PlanMemory) -> ck_pairs {
        var numbers: [Int32] = []
        let offsets = first.indices.map { place in
            let shares = shares(of: place, unit: 32768, most: 32767)
            let begin = numbers.count
            let pairs = (start + (shares.count - 1) * step) / 2 + 1
            numbers.append(contentsOf: repeatElement(0, count: pairs))
            for (tap, share) in shares.enumerated() {
                let (pair, half) = (start + tap * step).quotientAndRemainder(dividingBy: 2)
                numbers[begin + pair] |= Int32(share) << Int32(16 * half)
            }
            return Int32(begin)
        }
        return unsafe ck_pairs(
            offset: memory.keep(offsets + [Int32(numbers.count)]), weights: memory.keep(numbers))
    }

    fileprivate func description(_ memory: PlanMemory) -> ck_axis {
        unsafe ck_axis(
            first: memory.keep(first), count: memory.keep(count), offset: memory.keep(offset),
            shares: memory.keep(
                first.indices.flatMap { place in
                    shares(of: place, unit: 65536, most: 65535).map { UInt16($0) }
                }))
    }
}

extension ck_image {
    fileprivate init(
        _ conversion: ImageConversion, chunk: Int, runLimit: Int,
        output: UnsafeMutablePointer<Float>, _ memory: PlanMemory
    ) {
        let planes = unsafe conversion.planes.map { unsafe $0.description(memory) }
        let components = conversion.components, colors = conversion.colors
        let unit = 1 / Float(1 << (16 - conversion.sampleBits))
        unsafe self.init(
            planes: (planes[0], planes[min(1, planes.count - 1)], planes[planes.count - 1]),
            plane_count: planes.count, sample_bytes: conversion.sampleBytes,
            lift: 16 - conversion.sampleBits,
            components: (
                ck_component(components[0]), ck_component(components[1]),
                ck_component(components[2])
            ),
            colors: (
                ck_color(colors[0], unit), ck_color(colors[1], unit), ck_color(colors[2], unit)
            ),
            width: conversion.width, chunk: chunk, run_limit: runLimit, output: output,
            output_stride: 0)
    }
}

extension ck_plane {
    fileprivate mutating func point(
        to bytes: UnsafeRawBufferPointer, _ place: ImageConversion.Place
    ) {
        unsafe base = bytes.baseAddress.map { unsafe $0 + place.origin }
        unsafe stride = place.stride
    }
}

extension ck_component {
    fileprivate init(_ component: ImageConversion.Component) {
        self.init(plane: component.plane, phase: component.phase)
    }
}

extension ck_color {
    /// For components of which one step of a sample is `1 / unit`.
    fileprivate init(_ color: ImageConversion.Color, _ unit: Float) {
        let factors = color.factors * unit
        self.init(
            factors: (factors.x, factors.y, factors.z), offset: color.offset, scale: color.scale,
            shift: color.shift)
    }
}

/// Pictures.
extension Plan {
    /// Prepares for pictures of one kind, which ``load(image:slot:_:_:_:at:)`` takes; allocates.
    ///
    /// - Parameters:
    ///   - conversion: The way of such pictures into the input.
    ///   - slot: Which of several kinds this is: one that was prepared, which it replaces, or the next.
    public mutating func prepare(_ conversion: ImageConversion, slot: Int = 0) {
        precondition(slot <= images.count, "slots are taken in turn")
        let loader = ImageLoader(conversion, kernels, parts: pool?.threads ?? 1)
        if slot == images.count { images.append(loader) } else { images[slot] = loader }
    }

    /// Fills a part of an image input from planes of samples, as was prepared.
    ///
    /// Numbers outside the picture stay as they are.
    ///
    /// - Parameters:
    ///   - name: An input that only a full convolution reads.
    ///   - slot: Which kind of picture it is.
    ///   - first: The bytes of the first plane.
    ///   - second: Those of the second; anything where there is none.
    ///   - third: Those of the third; anything where there is none.
    ///   - places: Where the planes' rows begin.
    public mutating func load(
        image name: String, slot: Int = 0, _ first: Span<UInt8>, _ second: Span<UInt8>,
        _ third: Span<UInt8>, at places: InlineArray<3, ImageConversion.Place>
    ) {
        let port = input(name)
        precondition(slot < images.count, "pictures of this kind were prepared for")
        let loader = images[slot]
        let conversion = loader.conversion
        precondition(
            port.layout.pixelStride == 3
                && conversion.left + conversion.width <= port.layout.shape.width
                && conversion.top + conversion.height <= port.layout.shape.height,
            "the picture lies inside an image")
        let count = conversion.planes.count
        precondition(
            conversion.fits(plane: 0, places[0], bytes: first.count)
                && (count < 2 || conversion.fits(plane: 1, places[1], bytes: second.count))
                && (count < 3 || conversion.fits(plane: 2, places[2], bytes: third.count)),
            "the planes hold every row")
        let place = port.layout.index(channel: 0, row: conversion.top, column: conversion.left)
        // SAFETY: the input lies in the arena; the planes were checked to hold every sample that the axes ask
        // for, and stand until the call returns.
        let image = unsafe loader.description
        unsafe image.pointee.output = memory.arena + port.offset + place
        unsafe image.pointee.output_stride = port.layout.rowStride
        unsafe first.withUnsafeBytes { first in
            unsafe second.withUnsafeBytes { second in
                unsafe third.withUnsafeBytes { third in
                    unsafe image.pointee.planes.0.point(to: first, places[0])
                    unsafe image.pointee.planes.1.point(to: second, places[1])
                    unsafe image.pointee.planes.2.point(to: third, places[2])
                    unsafe share(loader.call, units: conversion.height)
                }
            }
        }
    }
}
