import Pixels
import Testing

@Suite struct PictureBufferTests {
    static let color = ColorDescription(matrix: .bt601, isFullRange: false)

    @Test(arguments: drawableFormats)
    func rowsAreContiguousPlaneByPlane(_ format: PixelFormat) {
        var buffer = PictureBuffer(
            format: format, width: 5, height: 3, color: PictureBufferTests.color, rowPadding: 2)
        var expected: [UInt8] = []
        var value: UInt8 = 0
        for plane in 0..<format.planeCount {
            for y in 0..<format.rows(ofPlane: plane, height: 3) {
                value += 1
                let count = format.bytes(inRowOfPlane: plane, width: 5)
                let bytes: [UInt8] = format.bytesPerSample == 1 ? [value] : [value, 0]
                for _ in 0..<count / bytes.count { expected += bytes }
                expected += [UInt8](repeating: 0, count: 2 * format.bytesPerSample)
                set(&buffer, plane, y, value)
            }
        }
        #expect(buffer.bytes == expected)
    }

    @Test func writtenSamplesCanBeRead() {
        var buffer = PictureBuffer(
            format: .yuv420, width: 4, height: 2, color: PictureBufferTests.color)
        buffer.bytes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
        let read = buffer.withPicture { picture in
            [
                picture.withRow(plane: 0, 1) { $0[3] }, picture.withRow(plane: 1, 0) { $0[1] },
                picture.withRow(plane: 2, 0) { $0[0] },
            ]
        }
        #expect(read == [8, 10, 11])
    }

    private func set(_ buffer: inout PictureBuffer, _ plane: Int, _ y: Int, _ value: UInt8) {
        let isWide = buffer.format.bytesPerSample == 2
        buffer.withMutablePicture { picture in
            if isWide {
                picture.withWideRow(plane: plane, y) { row in
                    for i in row.indices { row[i] = UInt16(value) }
                }
            } else {
                picture.withRow(plane: plane, y) { row in
                    for i in row.indices { row[i] = value }
                }
            }
        }
    }
}
