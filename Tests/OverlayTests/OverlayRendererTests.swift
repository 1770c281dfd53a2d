import Pixels
import Scene
import TestSupport
import Testing

@testable import Overlay

@Suite struct OverlayRendererTests {
    static let names = ["person", "bicycle", "car", "motorcycle", "bus", "truck"]

    /// All pixel formats that can be drawn on.
    static let formats = [
        PixelFormat(layout: .gray), .yuv420, .nv12, .rgb24,
        PixelFormat(layout: .planar, chromaShiftX: 1), PixelFormat(layout: .planar),
        PixelFormat(layout: .gray, depth: 10),
        PixelFormat(layout: .planar, depth: 10, chromaShiftX: 1, chromaShiftY: 1),
        PixelFormat(layout: .planar, depth: 12, chromaShiftX: 1),
        PixelFormat(layout: .planar, depth: 16),
        PixelFormat(layout: .semiPlanar, depth: 10, shift: 6, chromaShiftX: 1, chromaShiftY: 1),
        PixelFormat(layout: .semiPlanar, depth: 16, chromaShiftX: 1, chromaShiftY: 1),
    ]

    @Test(arguments: formats)
    func pixelsThatAreNotDrawnOnKeepTheirBits(_ format: PixelFormat) throws {
        var renderer = try OverlayRenderer(classNames: OverlayRendererTests.names)
        for (width, height) in [(160, 90), (161, 91), (33, 17), (7, 5), (1, 1)] {
            let objects = sampleObjects(width: width, height: height)
            let drawn = try drawnPixels(width, height, objects)
            var buffer = PictureBuffer(
                format: format, width: width, height: height, color: .assumed(height: height),
                rowPadding: 5)
            buffer.bytes = noise(format, count: buffer.bytes.count)
            let before = buffer.bytes
            buffer.withMutablePicture { draw(objects, with: &renderer, on: &$0) }
            let after = buffer.bytes
            let touchable = mayChange(drawn, format, width, height)
            for index in before.indices where !touchable[index] {
                #expect(before[index] == after[index], "\(width)×\(height), byte \(index)")
            }
            #expect(before != after)
        }
    }

    @Test func hostileObjectsAreHarmless() throws {
        let far: [Float] = [
            .nan, .infinity, -.infinity, 1e30, -1e30, .greatestFiniteMagnitude, -1, 0, 3, 1e7,
        ]
        var objects: [TrackedObject] = []
        for (index, x) in far.enumerated() {
            for width in far {
                objects.append(
                    TrackedObject(
                        id: index.isMultiple(of: 2) ? .min : .max, classIndex: index * 977 - 3000,
                        score: width, box: Box(x: x, y: width, width: width, height: x),
                        isPredicted: index.isMultiple(of: 3)))
            }
        }
        var renderer = try OverlayRenderer(classNames: OverlayRendererTests.names)
        var buffer = PictureBuffer(
            format: .yuv420, width: 65, height: 37, color: .assumed(height: 37))
        buffer.withMutablePicture { picture in
            renderer.draw(
                objects, on: &picture, sampleAspect: .nan,
                readout: Readout(framesPerSecond: .nan, lines: ["\u{0}", "漢字", ""])
            ) { object, line in
                line.append(x: object.box.x, y: object.box.height)
                line.append(x: 30, y: 20)
                line.append(x: -1e30, y: 1e30)
            }
        }
    }

    @Test func invalidBoxesLeaveThePictureUnchanged() throws {
        let boxes = [
            Box(x: .nan, y: 1, width: 5, height: 5), Box(x: 1, y: 1, width: -5, height: 5),
            Box(x: 1, y: 1, width: 5, height: .nan), Box(x: 100, y: 1, width: 5, height: 5),
            Box(x: 1, y: -50, width: 5, height: 5), Box(x: 1, y: 1, width: 0, height: 5),
            Box(x: 1, y: 1, width: .infinity, height: 5),
            Box(x: -.infinity, y: 1, width: 9, height: 5),
        ]
        var renderer = try OverlayRenderer(classNames: [])
        var buffer = PictureBuffer(
            format: .yuv420, width: 64, height: 48, color: .assumed(height: 48))
        let objects = boxes.map {
            TrackedObject(id: 1, classIndex: 0, score: 1, box: $0, isPredicted: false)
        }
        buffer.withMutablePicture { renderer.draw(objects, on: &$0) }
        #expect(buffer.bytes.allSatisfy { $0 == 0 })
    }

    @Test func eachPartCanBeSwitchedOff() throws {
        let switches: [WritableKeyPath<OverlayOptions, Bool>] = [
            \.showsBoxes, \.showsNames, \.showsIdentities, \.showsScores, \.showsTraces,
            \.showsReadout,
        ]
        let all = try picture(OverlayOptions())
        var none = OverlayOptions()
        for part in switches {
            var options = OverlayOptions()
            options[keyPath: part] = false
            none[keyPath: part] = false
            #expect(try picture(options) != all)
        }
        #expect(try picture(none).allSatisfy { $0 == 0 })
    }

    @Test func colourDependsOnClassOrIdentity() throws {
        var options = OverlayOptions()
        let byClass = try OverlayRenderer(options: options, classNames: [])
        options.coloring = .byIdentity
        let byIdentity = try OverlayRenderer(options: options, classNames: [])
        let object = TrackedObject(
            id: 4, classIndex: 2, score: 1, box: Box(x: 0, y: 0, width: 9, height: 9),
            isPredicted: false)
        #expect(byClass.colorIndex(of: object) == 2)
        #expect(byIdentity.colorIndex(of: object) == 4)
    }

    @Test func drawingTwiceGivesTheSamePicture() throws {
        #expect(try picture(OverlayOptions()) == picture(OverlayOptions()))
    }

    @Test func steadyStateAllocatesNothing() throws {
        var renderer = try OverlayRenderer(classNames: OverlayRendererTests.names)
        var buffer = PictureBuffer(
            format: .yuv420, width: 640, height: 360, color: .assumed(height: 360))
        let objects = sampleObjects(width: 640, height: 360)
        let readout = Readout(framesPerSecond: 59.94, lines: ["Übersicht"])
        let count = buffer.withMutablePicture { picture in
            func draw() { renderer.draw(objects, on: &picture, readout: readout, trail: wave) }
            for _ in 0..<2 { draw() }
            return allocations { for _ in 0..<18 { draw() } }
        }
        #expect((count ?? 0) == 0)
    }

    /// Objects in the middle, at all edges and beyond them, detected and predicted.
    private func sampleObjects(width: Int, height: Int) -> [TrackedObject] {
        let w = Float(width)
        let h = Float(height)
        let boxes = [
            Box(x: 0.3 * w, y: 0.4 * h, width: 0.2 * w, height: 0.3 * h),
            Box(x: -0.1 * w, y: -0.1 * h, width: 0.25 * w, height: 0.3 * h),
            Box(x: 0.9 * w, y: 0.1 * h, width: 0.3 * w, height: 0.2 * h),
            Box(x: 0.7 * w, y: 0.85 * h, width: 0.31 * w, height: 0.4 * h),
            Box(x: 0.05 * w, y: 0.8 * h, width: 0.1 * w, height: 0.2 * h),
        ]
        return boxes.enumerated().map { index, box in
            TrackedObject(
                id: index * 37 + 1, classIndex: index, score: 0.9 - Float(index) * 0.17, box: box,
                isPredicted: index % 2 == 1)
        }
    }

    /// Random bytes whose 16-bit words stay within the format's bits.
    private func noise(_ format: PixelFormat, count: Int) -> [UInt8] {
        let isWide = format.bytesPerSample == 2
        let highMask = UInt8((1 << (isWide ? format.depth + format.shift - 8 : 8)) - 1)
        return (0..<count).map { index in
            let byte = UInt8(truncatingIfNeeded: (index &* 2_654_435_761) >> 13)
            return isWide && index % 2 == 1 ? byte & highMask : byte
        }
    }

    private func draw(
        _ objects: [TrackedObject], with renderer: inout OverlayRenderer,
        on picture: inout MutablePicture
    ) {
        renderer.draw(
            objects, on: &picture, readout: Readout(framesPerSecond: 25), trail: wave)
    }

    /// Luma pixels that are drawn on: those that differ from a black or from a white background.
    private func drawnPixels(
        _ width: Int, _ height: Int, _ objects: [TrackedObject]
    ) throws -> [Bool] {
        var renderer = try OverlayRenderer(classNames: OverlayRendererTests.names)
        var drawn = [Bool](repeating: false, count: width * height)
        for ground in [UInt8(0), 255] {
            var buffer = PictureBuffer(
                format: PixelFormat(layout: .gray), width: width, height: height,
                color: .assumed(height: height))
            buffer.bytes = [UInt8](repeating: ground, count: width * height)
            buffer.withMutablePicture { draw(objects, with: &renderer, on: &$0) }
            for (index, value) in buffer.bytes.enumerated() where value != ground {
                drawn[index] = true
            }
        }
        return drawn
    }

    /// Bytes that may change when those pixels are drawn on, in a picture with five padding samples per row.
    private func mayChange(
        _ drawn: [Bool], _ format: PixelFormat, _ width: Int, _ height: Int
    ) -> [Bool] {
        var result: [Bool] = []
        for plane in 0..<format.planeCount {
            let shiftX = plane == 0 ? 0 : format.chromaShiftX
            let shiftY = plane == 0 ? 0 : format.chromaShiftY
            let columns = format.columns(ofPlane: plane, width: width)
            for row in 0..<format.rows(ofPlane: plane, height: height) {
                var reached = [Bool](repeating: false, count: columns)
                for y in row << shiftY..<min((row + 1) << shiftY, height) {
                    for x in 0..<width where drawn[y * width + x] { reached[x >> shiftX] = true }
                }
                let bytes = format.samplesPerColumn(ofPlane: plane) * format.bytesPerSample
                for column in reached { result += [Bool](repeating: column, count: bytes) }
                result += [Bool](repeating: false, count: 5 * format.bytesPerSample)
            }
        }
        return result
    }

    private func picture(_ options: OverlayOptions) throws -> [UInt8] {
        var renderer = try OverlayRenderer(
            options: options, classNames: OverlayRendererTests.names)
        var buffer = PictureBuffer(
            format: .yuv420, width: 160, height: 90, color: .assumed(height: 90))
        buffer.bytes = [UInt8](repeating: 0, count: buffer.bytes.count)
        let objects = sampleObjects(width: 160, height: 90)
        buffer.withMutablePicture { draw(objects, with: &renderer, on: &$0) }
        return buffer.bytes
    }
}

/// Wavy trail from the right.
private func wave(_ object: TrackedObject, _ line: inout Polyline) {
    for step in 0..<30 {
        let back = Float(29 - step)
        line.append(
            x: object.box.centerX + back, y: object.box.centerY + (step % 8 < 4 ? 1 : -1) * back / 8
        )
    }
}
