import CFFmpeg
import Pixels
import Testing

@testable import Video

@Suite
struct PixelFormatTests {
    @Test
    func formatsThatCanBeDrawnOnAreKnown() {
        #expect(PixelFormat(AV_PIX_FMT_YUV420P) == .yuv420)
        #expect(PixelFormat(AV_PIX_FMT_YUVJ420P) == .yuv420)
        #expect(PixelFormat(AV_PIX_FMT_NV12) == .nv12)
        #expect(
            PixelFormat(AV_PIX_FMT_P010LE)
                == PixelFormat(
                    layout: .semiPlanar, depth: 10, shift: 6, chromaShiftX: 1, chromaShiftY: 1))
        #expect(
            PixelFormat(AV_PIX_FMT_YUV422P10LE)
                == PixelFormat(layout: .planar, depth: 10, chromaShiftX: 1))
        #expect(PixelFormat(AV_PIX_FMT_YUV444P12LE) == PixelFormat(layout: .planar, depth: 12))
        #expect(PixelFormat(AV_PIX_FMT_GRAY8) == PixelFormat(layout: .gray))
    }

    @Test(arguments: [
        AV_PIX_FMT_NV21, AV_PIX_FMT_YUV420P10BE, AV_PIX_FMT_RGB24, AV_PIX_FMT_GBRP, AV_PIX_FMT_PAL8,
        AV_PIX_FMT_YUVA420P, AV_PIX_FMT_YUYV422, AV_PIX_FMT_VAAPI, AV_PIX_FMT_MONOWHITE,
        AV_PIX_FMT_GRAYF32LE, AV_PIX_FMT_XYZ12LE, AV_PIX_FMT_BAYER_BGGR8,
    ])
    func otherFormatsAreConvertedToDrawableOnes(_ format: AVPixelFormat) {
        #expect(PixelFormat(format) == nil)
        #expect(PixelFormat(PixelFormat.nearest(to: format)) != nil)
    }

    @Test
    func nearestFormatKeepsChromaAndDepth() {
        #expect(PixelFormat.nearest(to: AV_PIX_FMT_YUYV422) == AV_PIX_FMT_YUV422P)
        #expect(PixelFormat.nearest(to: AV_PIX_FMT_NV21) == AV_PIX_FMT_YUV420P)
        #expect(PixelFormat.nearest(to: AV_PIX_FMT_YUV420P10BE) == AV_PIX_FMT_YUV420P10LE)
        #expect(PixelFormat.nearest(to: AV_PIX_FMT_RGB24) == AV_PIX_FMT_YUV444P)
    }
}
