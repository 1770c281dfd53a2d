import CKernels
internal import Flow

/// An ``ImageConversion`` bound for the kernels, with its scratch memory.
///
/// SAFETY: the pointers lead into `memory`, which lives as long; only the plan that owns this object uses them, and
/// the addresses of planes are set only during a call.
@safe
final class ImageLoader: @unchecked Sendable {
    let conversion: ImageConversion
    let step: UnsafeMutablePointer<PlanStep>
    let image: UnsafeMutablePointer<ck_image>
    private let memory: PlanMemory

    /// Source samples of the widest plane processed at a time; they fit the L2 cache.
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
        unsafe image = unsafe memory.keep([
            ck_image(conversion, chunk: chunk, runLimit: limit, output: memory.arena, memory)
        ])
        let call = unsafe PlanStep.Call.image(
            UnsafePointer(image), scratch: memory.arena, scratchCount: scratchCount)
        unsafe step = unsafe memory.keepSteps([
            PlanStep(kernels: kernels, call: call, parts: parts, units: conversion.height)
        ])
        self.conversion = conversion
        self.memory = memory
    }
}

extension ImageConversion.Plane {
    /// Upper bound of the samples under `chunk` adjacent pixels of the result.
    fileprivate func longestRun(chunk: Int) -> Int {
        let outputs = horizontal.first.indices
        return outputs.map { output in
            let last = min(output + chunk, outputs.count) - 1
            return step
                * Int(horizontal.first[last] + horizontal.count[last] - horizontal.first[output])
        }.max() ?? 0
    }

    fileprivate func cValue(_ memory: PlanMemory) -> ck_plane {
        unsafe ck_plane(
            base: nil, stride: 0, samples: samples, step: step,
            horizontal: horizontal.cValue(memory), vertical: vertical.cValue(memory),
            pairs: (
                horizontal.pairs(step: step, start: 0, memory),
                horizontal.pairs(step: step, start: 1, memory)
            ))
    }
}

extension ImageConversion.Axis {
    /// The weights of an output position in fractions of `unit`, at most `most`, rounded so that their sum is
    /// preserved.
    private func shares(of output: Int, unit: Double, most: Double) -> [Double] {
        var sum = 0.0, given = 0.0
        return weights[Int(offset[output])..<Int(offset[output] + count[output])].map { weight in
            sum += Double(weight) * unit
            let share = min(max((sum - given).rounded(), 0), most)
            given += share
            return share
        }
    }

    /// The weights for pairs of samples, where the samples of an output are `step` apart and the first is number
    /// `start` of its pair.
    fileprivate func pairs(step: Int, start: Int, _ memory: PlanMemory) -> ck_pairs {
        var numbers: [Int32] = []
        let offsets = first.indices.map { output in
            let shares = shares(of: output, unit: 32768, most: 32767)
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

    fileprivate func cValue(_ memory: PlanMemory) -> ck_axis {
        unsafe ck_axis(
            first: memory.keep(first), count: memory.keep(count), offset: memory.keep(offset),
            shares: memory.keep(
                first.indices.flatMap { output in
                    shares(of: output, unit: 65536, most: 65535).map { UInt16($0) }
                }))
    }
}

extension ck_image {
    fileprivate init(
        _ conversion: ImageConversion, chunk: Int, runLimit: Int,
        output: UnsafeMutablePointer<Float>, _ memory: PlanMemory
    ) {
        let planes = unsafe conversion.planes.map { unsafe $0.cValue(memory) }
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
        to bytes: UnsafeRawBufferPointer, _ rows: ImageConversion.Rows
    ) {
        unsafe base = bytes.baseAddress.map { unsafe $0 + rows.origin }
        unsafe stride = rows.stride
    }
}

extension ck_component {
    fileprivate init(_ component: ImageConversion.Component) {
        self.init(plane: component.plane, phase: component.phase)
    }
}

extension ck_color {
    /// A colour for components of which one step of a sample is `1 / unit`.
    fileprivate init(_ color: ImageConversion.Color, _ unit: Float) {
        let factors = color.factors * unit
        self.init(
            factors: (factors.x, factors.y, factors.z), offset: color.offset, scale: color.scale,
            shift: color.shift)
    }
}

/// Image inputs.
extension Plan {
    /// Prepares a conversion for ``load(image:slot:_:_:_:at:)``.
    ///
    /// Allocates.
    ///
    /// - Parameters:
    ///   - conversion: The conversion.
    ///   - slot: Index of the conversion: one that was prepared, which is replaced, or the next.
    public mutating func prepare(_ conversion: ImageConversion, slot: Int = 0) {
        precondition(slot <= images.count, "slots are prepared in order")
        let loader = ImageLoader(conversion, kernels, parts: pool?.threads ?? 1)
        if slot == images.count { images.append(loader) } else { images[slot] = loader }
    }

    /// Fills a part of an image input from planes of samples by a prepared conversion.
    ///
    /// The rest of the input is not changed.
    ///
    /// - Parameters:
    ///   - name: An input that only a full convolution reads.
    ///   - slot: Index of the prepared conversion.
    ///   - first: Bytes of the first plane.
    ///   - second: Bytes of the second plane; ignored where there is none.
    ///   - third: Bytes of the third plane; ignored where there is none.
    ///   - rows: Locations of the planes' rows.
    public mutating func load(
        image name: String, slot: Int = 0, _ first: Span<UInt8>, _ second: Span<UInt8>,
        _ third: Span<UInt8>, at rows: InlineArray<3, ImageConversion.Rows>
    ) {
        let port = input(name)
        precondition(slot < images.count, "the conversion was prepared")
        let loader = images[slot]
        let conversion = loader.conversion
        conversion.checkFit(port.layout, rows, bytes: [first.count, second.count, third.count])
        let origin = port.layout.index(channel: 0, row: conversion.top, column: conversion.left)
        // SAFETY: the input is inside the arena; the planes were checked to hold every sample that the axes read,
        // and are valid until the call returns.
        let image = unsafe loader.image
        unsafe image.pointee.output = memory.arena + port.offset + origin
        unsafe image.pointee.output_stride = port.layout.rowStride
        unsafe first.withUnsafeBytes { first in
            unsafe second.withUnsafeBytes { second in
                unsafe third.withUnsafeBytes { third in
                    unsafe image.pointee.planes.0.point(to: first, rows[0])
                    unsafe image.pointee.planes.1.point(to: second, rows[1])
                    unsafe image.pointee.planes.2.point(to: third, rows[2])
                    unsafe run(loader.step, units: conversion.height)
                }
            }
        }
    }
}

extension ImageConversion {
    /// Stops the program unless the result fits into an input and the planes hold every row.
    fileprivate func checkFit(
        _ layout: MapLayout, _ rows: InlineArray<3, Rows>, bytes: InlineArray<3, Int>
    ) {
        precondition(
            layout.pixelStride == 3 && left + width <= layout.shape.width
                && top + height <= layout.shape.height, "the frame fits into the image")
        for plane in planes.indices {
            precondition(
                fits(plane: plane, rows[plane], bytes: bytes[plane]), "the planes hold every row")
        }
    }
}
