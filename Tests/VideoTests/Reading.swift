import Foundation
import Pixels

@testable import Video

/// Samples of a frame, plane after plane, without row padding.
func samples(of frame: borrowing Frame) -> Data {
    frame.withPicture { picture in
        var data = Data()
        for plane in 0..<picture.format.planeCount {
            for y in 0..<picture.format.rows(ofPlane: plane, height: picture.height) {
                if picture.format.bytesPerSample == 1 {
                    picture.withRow(plane: plane, y) { row in
                        unsafe row.withUnsafeBytes { unsafe data.append(contentsOf: $0) }
                    }
                } else {
                    picture.withWideRow(plane: plane, y) { row in
                        unsafe row.withUnsafeBytes { unsafe data.append(contentsOf: $0) }
                    }
                }
            }
        }
        return data
    }
}

/// Compares data without the slow difference of a failing `==`.
func equal(_ a: Data, _ b: Data) -> Bool { a == b }

/// Everything that a reader delivers, in comparable form.
struct Reading: Sendable {
    var timestamps: [Int64] = []
    var seconds: [Double] = []
    var damaged: [Bool] = []
    var samples = Data()
    var packets: [Int: Int] = [:]
    var report = ReadReport()
    var description: SourceDescription?
    var format: PixelFormat?

    init(_ path: String, options: ReaderOptions = ReaderOptions(), keepSamples: Bool = false) throws
    {
        var reader = try VideoReader(path, options: options)
        while let item = try reader.next() {
            switch consume item {
            case .frame(let frame):
                timestamps.append(frame.timestamp.ticks)
                seconds.append(frame.timestamp.seconds)
                damaged.append(frame.isDamaged)
                format = frame.format
                if keepSamples { samples.append(bytes(of: frame)) }
            case .packet(let packet): packets[packet.stream, default: 0] += 1
            }
        }
        report = reader.report
        description = reader.description
    }

    private func bytes(of frame: borrowing Frame) -> Data { VideoTests.samples(of: frame) }
}
