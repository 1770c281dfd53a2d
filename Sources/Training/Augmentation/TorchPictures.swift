internal import CTorch
internal import Datasets
internal import Scene
public import ThunderNet

/// Images that stay on libtorch's device, and inputs drawn from them there.
///
/// The pixels equal those of ``PictureRenderer`` but for rounding: it interpolates with weights of 1/128.
public final class TorchPictures {
    /// Position of an image: group, and index within it.
    private struct Place: Hashable {
        var group: Int
        var index: Int
    }

    /// A patch with its input.
    private struct Drawing {
        var input: Int
        var patch: PicturePatch
    }

    /// Images of each size: `[images, rows, columns, 3]`, 8 bits, in full size and halved up to three times.
    private var groups: [[TorchTensor]] = []
    private var places: [Int: Place] = [:]
    private let normalization: InputNormalization

    /// Number of images that are copied to the device at once.
    private static let chunk = 256

    /// Copies the images of a set to the device.
    public init(
        _ set: TrainingSet, _ source: some PixelSource, _ normalization: InputNormalization
    ) throws(TorchError) {
        self.normalization = normalization
        let bySize = Dictionary(grouping: set.pictures, by: \.extent)
        for extent in bySize.keys.sorted(by: { ($0.width, $0.height) < ($1.width, $1.height) }) {
            var stored: [Int] = []
            for picture in bySize[extent] ?? [] where places[picture.stored] == nil {
                places[picture.stored] = Place(group: groups.count, index: stored.count)
                stored.append(picture.stored)
            }
            groups.append([try Self.copied(stored, extent, source)])
        }
    }

    private static func copied(
        _ pictures: [Int], _ extent: PictureExtent, _ source: some PixelSource
    ) throws(TorchError) -> TorchTensor {
        var parts: [TorchTensor] = []
        for start in stride(from: 0, to: pictures.count, by: chunk) {
            let some = pictures[start..<min(start + chunk, pictures.count)]
            var levels: [UInt8] = []
            levels.reserveCapacity(3 * extent.width * extent.height * some.count)
            for picture in some {
                source.withPixels(of: picture) { rgb, width, height in
                    for index in 0..<3 * width * height { levels.append(rgb[index]) }
                }
            }
            parts.append(
                try TorchTensor(levels: levels, [some.count, extent.height, extent.width, 3]))
        }
        return parts.count == 1 ? parts[0] : try TorchTensor.concatenated(parts, along: 0)
    }

    /// Draws inputs, transforms their colors, and normalizes them: `[images, rows, columns, 3]`, float32.
    func render(_ plans: [PicturePlan], _ extent: PictureExtent) throws(TorchError) -> TorchTensor {
        let fill = (0..<3).map { Float(PicturePlan.fill[$0]) }
        let pixels = extent.width * extent.height * plans.count
        let canvas = try TorchTensor(
            levels: (0..<pixels).flatMap { _ in (0..<3).map { PicturePlan.fill[$0] } },
            [plans.count, extent.height, extent.width, 3]
        ).cast(to: .float32)
        let layers = plans.map(\.patches.count).max() ?? 0
        for layer in 0..<layers {
            let drawings = plans.indices.compactMap { input in
                plans[input].patches.indices.contains(layer)
                    ? Drawing(input: input, patch: plans[input].patches[layer]) : nil
            }
            try draw(drawings, fill, on: canvas)
        }
        return try recolored(canvas, plans.map(\.color))
    }

    /// Draws patches of different inputs, with one call for each size and level.
    private func draw(
        _ drawings: [Drawing], _ fill: [Float], on canvas: TorchTensor
    ) throws(TorchError) {
        struct Source: Hashable {
            var group: Int
            var level: Int
        }
        let bySource = Dictionary(grouping: drawings) { drawing in
            Source(group: place(drawing).group, level: drawing.patch.level)
        }
        for (source, drawings) in bySource {
            let images = try images(source.group, level: source.level)
            let scale = 1 / Float(1 << source.level)
            try images.draw(
                drawings.map { ct_patch($0.patch, input: $0.input, image: place($0).index, scale) },
                fill: fill, on: canvas)
        }
    }

    private func place(_ drawing: Drawing) -> Place {
        guard let place = places[drawing.patch.picture] else {
            preconditionFailure("image \(drawing.patch.picture) is not on the device")
        }
        return place
    }

    /// The images of a group, halved `level` times; halved ones are kept.
    private func images(_ group: Int, level: Int) throws(TorchError) -> TorchTensor {
        while groups[group].count <= level {
            let last = groups[group][groups[group].count - 1]
            groups[group].append(try last.halved())
        }
        return groups[group][level]
    }

    private func recolored(
        _ canvas: TorchTensor, _ colors: [ColorMatrix]
    ) throws(TorchError) -> TorchTensor {
        let isBGR = normalization.channels == .bgr
        func arranged(_ column: SIMD3<Float>) -> [Float] {
            isBGR ? [column.z, column.y, column.x] : [column.x, column.y, column.z]
        }
        return try canvas.recolored(
            matrices: colors.flatMap { color in
                [color.red, color.green, color.blue, color.offset].flatMap(arranged)
            }, mean: normalization.mean, deviation: normalization.deviation)
    }
}

extension ct_patch {
    /// Describes a patch of an image whose coordinates are `scale` times those of the stored one.
    fileprivate init(_ patch: PicturePatch, input: Int, image: Int, _ scale: Float) {
        let mapping = patch.transform * scale
        let target = patch.target
        self.init(
            input: Int32(input), image: Int32(image),
            mapping: (mapping.x, mapping.y, mapping.z, mapping.w),
            area: (
                Int32(target.left), Int32(target.top), Int32(target.width), Int32(target.height)
            ), feather: Int32(patch.feather))
    }
}
