import Datasets
import Foundation
import TestSupport
import Testing

@testable import Training

/// Decoder of test files that contain the width, the height and one byte for all pixels.
struct PlainDecoder: PictureDecoder {
    func decode(_ path: String, to shape: StoreShape) throws -> DecodedPicture {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        guard bytes.count == 3 else { throw TrainingDataError("\(path) is damaged") }
        let source = PictureExtent(width: Int(bytes[0]), height: Int(bytes[1]))
        let extent = shape.extent(of: source)
        return DecodedPicture(
            extent: extent, source: source,
            rgb: [UInt8](repeating: bytes[2], count: 3 * extent.width * extent.height))
    }
}

struct PictureStoreTests {
    private let shape = StoreShape.within(PictureExtent(width: 40, height: 20))

    private func pictures(_ count: Int, in scratch: Scratch) throws -> [String] {
        try (0..<count).map { index in
            let bytes = Data([UInt8(10 + index % 90), UInt8(5 + index % 50), UInt8(index % 251)])
            return try scratch.write("\(index).pic", bytes).path
        }
    }

    private func builder(_ scratch: Scratch) -> StoreBuilder {
        StoreBuilder(path: scratch.path("a.store"), shape: shape, decoder: PlainDecoder())
    }

    @Test func everyImageIsStoredInItsSize() throws {
        let scratch = try Scratch()
        let paths = try pictures(150, in: scratch)
        var steps: [Int] = []
        let store = try builder(scratch).store(of: paths) {
            steps.append($0)
            return true
        }
        #expect(steps == [64, 128, 150])
        #expect(store.pictures.map(\.path) == paths)
        for (index, picture) in store.pictures.enumerated() {
            #expect(picture.source.width == 10 + index % 90)
            #expect(picture.extent == shape.extent(of: picture.source))
            #expect(picture.extent.width <= 40 && picture.extent.height <= 20)
            let isRight = store.withPixels(of: index) { span in
                span.count == 3 * picture.extent.width * picture.extent.height
                    && span.indices.allSatisfy { span[$0] == UInt8(index % 251) }
            }
            #expect(isRight)
        }
        #expect(scratch.names.filter { $0.contains("partial") }.isEmpty)
    }

    @Test func currentStoreIsNotRebuilt() throws {
        let scratch = try Scratch()
        let paths = try pictures(3, in: scratch)
        _ = try builder(scratch).store(of: paths)
        var calls = 0
        _ = try builder(scratch).store(of: paths) { _ in
            calls += 1
            return true
        }
        // The contents decide: the file was rewritten but is the same.
        try Data(contentsOf: scratch.file("1.pic")).write(to: scratch.file("1.pic"))
        _ = try builder(scratch).store(of: paths) { _ in
            calls += 1
            return true
        }
        #expect(calls == 0)
    }

    @Test func staleStoreIsRebuilt() throws {
        let scratch = try Scratch()
        let paths = try pictures(3, in: scratch)
        let store = try builder(scratch).store(of: paths)
        #expect(store.isCurrent(for: paths, shape: shape))
        #expect(!store.isCurrent(for: paths.reversed(), shape: shape))
        #expect(!store.isCurrent(for: Array(paths.dropLast()), shape: shape))
        let other = StoreShape.exactly(PictureExtent(width: 40, height: 20))
        #expect(!store.isCurrent(for: paths, shape: other))
        try Data([10, 5, 99]).write(to: scratch.file("1.pic"))
        #expect(!store.isCurrent(for: paths, shape: shape))
        let again = try builder(scratch).store(of: paths)
        #expect(again.withPixels(of: 1) { $0[0] } == 99)
        try FileManager.default.removeItem(at: scratch.file("2.pic"))
        #expect(!again.isCurrent(for: paths, shape: shape))
    }

    /// Stores cut at every length, and with every byte of the end changed, are refused.
    @Test func damagedStoreIsRefused() throws {
        let scratch = try Scratch()
        let paths = try pictures(2, in: scratch)
        let store = try builder(scratch).store(of: paths)
        let whole = try Data(contentsOf: scratch.file("a.store"))
        let cut = scratch.file("b.store")
        for count in stride(from: 0, to: whole.count, by: 7) {
            try whole.prefix(count).write(to: cut)
            #expect(throws: TrainingDataError.self) { try PictureStore(path: cut.path) }
        }
        for place in store.pixelBytes..<whole.count {
            var changed = whole
            changed[place] ^= 0x10
            try changed.write(to: cut)
            #expect(throws: TrainingDataError.self) { try PictureStore(path: cut.path) }
        }
    }

    @Test func damagedImageIsRecordedAndOthersAreKept() throws {
        let scratch = try Scratch()
        var paths = try pictures(3, in: scratch)
        try Data([1, 2]).write(to: scratch.file("1.pic"))
        paths.append(scratch.path("missing.pic"))
        let store = try builder(scratch).store(of: paths)
        #expect(store.pictures.map(\.isSound) == [true, false, true, false])
        #expect(store.pictures[1].trouble?.contains("damaged") == true)
        #expect(store.withPixels(of: 2) { $0[0] } == 2)
        #expect(store.isCurrent(for: paths, shape: shape))
        try scratch.write("missing.pic", Data([9, 9, 9]))
        #expect(!store.isCurrent(for: paths, shape: shape))
    }

    @Test func cancellationLeavesNoFiles() throws {
        let scratch = try Scratch()
        let paths = try pictures(70, in: scratch)
        #expect(throws: CancellationError.self) {
            try builder(scratch).store(of: paths) { _ in false }
        }
        #expect(scratch.names.allSatisfy { $0.hasSuffix(".pic") })
    }

    @Test func unwritableStoreIsReportedByPath() throws {
        let builder = StoreBuilder(path: "/nowhere/a.store", shape: shape, decoder: PlainDecoder())
        #expect(throws: TrainingDataError.self) { try builder.store(of: []) }
    }

    @Test(arguments: [(640, 360, 40, 20), (100, 400, 5, 20), (30, 10, 30, 10), (1, 9000, 1, 20)])
    func imagesKeepTheirAspectRatioAndAreNeverEnlarged(
        width: Int, height: Int, toWidth: Int, toHeight: Int
    ) {
        let extent = shape.extent(of: PictureExtent(width: width, height: height))
        #expect(abs(extent.width - toWidth) <= 5 && extent.height == toHeight)
    }
}
