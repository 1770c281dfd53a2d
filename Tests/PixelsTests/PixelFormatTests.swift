import Pixels
import Testing

@Suite struct PixelFormatTests {
    @Test func chromaSizeOfOddPicturesIsRoundedUp() {
        #expect(PixelFormat.yuv420.columns(ofPlane: 1, width: 5) == 3)
        #expect(PixelFormat.yuv420.rows(ofPlane: 2, height: 1) == 1)
        #expect(PixelFormat(layout: .planar).columns(ofPlane: 1, width: 5) == 5)
        #expect(PixelFormat(layout: .planar, chromaShiftX: 2).columns(ofPlane: 1, width: 5) == 2)
    }

    @Test func bytesPerRowMatchTheFormat() {
        let p010 = PixelFormat(
            layout: .semiPlanar, depth: 10, shift: 6, chromaShiftX: 1, chromaShiftY: 1)
        #expect(p010.bytes(inRowOfPlane: 0, width: 7) == 14)
        #expect(p010.bytes(inRowOfPlane: 1, width: 7) == 16)
        #expect(PixelFormat.rgb24.bytes(inRowOfPlane: 0, width: 7) == 21)
        #expect(PixelFormat.nv12.bytes(inRowOfPlane: 1, width: 7) == 8)
    }
}
