// The one door through which FFmpeg enters. Beside the library headers it holds only what Swift's
// importer cannot see (macros that are expressions, elements of fixed C arrays), and what differs
// between FFmpeg 5.1 and 9: each difference is one function, chosen by the version of its library.
#ifndef THUNDERLINE_CFFMPEG_H
#define THUNDERLINE_CFFMPEG_H

#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavdevice/avdevice.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>
#include <libavutil/channel_layout.h>
#include <libavutil/cpu.h>
#include <libavutil/display.h>
#include <libavutil/hmac.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/sha.h>
#include <libavutil/time.h>
#include <libavutil/timecode.h>
#include <libavutil/version.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
#include <stdbool.h>

// True where a library (LIBAVCODEC, LIBAVUTIL …) is older than a version that brought a change.
#define TL_BEFORE(library, major, minor) \
    (library##_VERSION_INT < AV_VERSION_INT(major, minor, 100))

static const int tl_error_again = AVERROR(EAGAIN);
static const int tl_error_end = AVERROR_EOF;
static const int tl_error_invalid_data = AVERROR_INVALIDDATA;
static const int tl_error_exit = AVERROR_EXIT;
static const int tl_error_input_changed = AVERROR_INPUT_CHANGED;
static const int tl_error_no_memory = AVERROR(ENOMEM);
static const int tl_error_no_space = AVERROR(ENOSPC);
static const int tl_error_no_entry = AVERROR(ENOENT);
static const int tl_error_decoder_not_found = AVERROR_DECODER_NOT_FOUND;
static const int tl_error_encoder_not_found = AVERROR_ENCODER_NOT_FOUND;
static const int tl_error_http_unauthorized = AVERROR_HTTP_UNAUTHORIZED;
static const int tl_error_http_forbidden = AVERROR_HTTP_FORBIDDEN;
static const int tl_error_http_not_found = AVERROR_HTTP_NOT_FOUND;
static const int tl_error_http_bad_request = AVERROR_HTTP_BAD_REQUEST;
static const int tl_error_http_other = AVERROR_HTTP_OTHER_4XX;
static const int tl_error_http_server = AVERROR_HTTP_SERVER_ERROR;
static const int64_t tl_no_timestamp = AV_NOPTS_VALUE;
static const AVRational tl_microseconds = {1, AV_TIME_BASE};

static inline int tl_error_from_errno(int number) { return AVERROR(number); }

static inline uint8_t *tl_frame_plane(const AVFrame *frame, int plane) { return frame->data[plane]; }
static inline int tl_frame_stride(const AVFrame *frame, int plane) { return frame->linesize[plane]; }
static inline AVStream *tl_stream(const AVFormatContext *from, int index) { return from->streams[index]; }

// A packet's number travels through the decoder to its picture.
static inline void tl_number_packet(AVCodecContext *context, AVPacket *packet, int64_t number) {
#if TL_BEFORE(LIBAVCODEC, 60, 0)
    (void)packet;
    context->reordered_opaque = number;
#else
    context->flags |= AV_CODEC_FLAG_COPY_OPAQUE;
    packet->opaque = (void *)(intptr_t)number;
#endif
}
static inline int64_t tl_packet_number(const AVFrame *frame) {
#if TL_BEFORE(LIBAVCODEC, 60, 0)
    return frame->reordered_opaque;
#else
    return (int64_t)(intptr_t)frame->opaque;
#endif
}

// Ticks of the stream's time base for which a frame is shown; 0 when unknown.
static inline int64_t tl_frame_duration(const AVFrame *frame) {
#if TL_BEFORE(LIBAVUTIL, 57, 30)
    return frame->pkt_duration;
#else
    return frame->duration;
#endif
}

static inline bool tl_frame_is_key(const AVFrame *frame) {
#if TL_BEFORE(LIBAVUTIL, 58, 7)
    return frame->key_frame;
#else
    return frame->flags & AV_FRAME_FLAG_KEY;
#endif
}

static inline bool tl_frame_is_interlaced(const AVFrame *frame) {
#if TL_BEFORE(LIBAVUTIL, 58, 7)
    return frame->interlaced_frame;
#else
    return frame->flags & AV_FRAME_FLAG_INTERLACED;
#endif
}

static inline bool tl_frame_is_top_field_first(const AVFrame *frame) {
#if TL_BEFORE(LIBAVUTIL, 58, 7)
    return frame->top_field_first;
#else
    return frame->flags & AV_FRAME_FLAG_TOP_FIELD_FIRST;
#endif
}

// Side data of a whole stream and its size in bytes; NULL where there is none of this type.
static inline const uint8_t *tl_stream_side_data(
    const AVStream *stream, enum AVPacketSideDataType type, size_t *size) {
#if TL_BEFORE(LIBAVCODEC, 60, 30)
    return av_stream_get_side_data(stream, type, size);
#else
    const AVCodecParameters *parameters = stream->codecpar;
    const AVPacketSideData *data = av_packet_side_data_get(
        parameters->coded_side_data, parameters->nb_coded_side_data, type);
    *size = data ? data->size : 0;
    return data ? data->data : NULL;
#endif
}

// The parameter is an integer before FFmpeg 9.
static inline AVCodecParserContext *tl_parser_open(enum AVCodecID codec) { return av_parser_init(codec); }

// Pixel formats that an encoder takes, up to AV_PIX_FMT_NONE; NULL where it does not say.
static inline const enum AVPixelFormat *tl_encoder_pixel_formats(const AVCodec *codec) {
#if TL_BEFORE(LIBAVCODEC, 61, 13)
    return codec->pix_fmts;
#else
    const void *list = NULL;
    return avcodec_get_supported_config(NULL, codec, AV_CODEC_CONFIG_PIX_FORMAT, 0, &list, NULL) < 0
               ? NULL
               : (const enum AVPixelFormat *)list;
#endif
}

// Sample rates that an encoder takes, up to 0; NULL where it does not say.
static inline const int *tl_encoder_sample_rates(const AVCodec *codec) {
#if TL_BEFORE(LIBAVCODEC, 61, 13)
    return codec->supported_samplerates;
#else
    const void *list = NULL;
    return avcodec_get_supported_config(NULL, codec, AV_CODEC_CONFIG_SAMPLE_RATE, 0, &list, NULL) < 0
               ? NULL
               : (const int *)list;
#endif
}

// swscale's context is an open structure since FFmpeg 7.1 and its flags are an enumeration since 8:
// Swift would see other types. A scaler is closed here in every version, its flags are integers.
typedef struct tl_scaler tl_scaler;

static const int tl_scale_area = SWS_AREA;
static const int tl_scale_bilinear = SWS_BILINEAR;
static const int tl_scale_bicubic = SWS_BICUBIC;
static const int tl_scale_accurate_rounding = SWS_ACCURATE_RND;
static const int tl_scale_bit_exact = SWS_BITEXACT;
static const int tl_scale_full_chroma = SWS_FULL_CHR_H_INT;

static inline struct SwsContext *tl_scaler_context(tl_scaler *scaler) {
    return (struct SwsContext *)scaler;
}

// A scaler for these sizes and formats: `old` where it fits, else a new one in its place (NULL on failure).
static inline tl_scaler *tl_scaler_fit(
    tl_scaler *old, int width, int height, enum AVPixelFormat format, int to_width, int to_height,
    enum AVPixelFormat to_format, int flags) {
    return (tl_scaler *)sws_getCachedContext(
        tl_scaler_context(old), width, height, format, to_width, to_height, to_format, flags, NULL,
        NULL, NULL);
}

static inline void tl_scaler_free(tl_scaler *scaler) { sws_freeContext(tl_scaler_context(scaler)); }

// Sets the matrix (SWS_CS_… or AVCOL_SPC_…) and the range (1: full) on both sides.
static inline int tl_scaler_set_colors(
    tl_scaler *scaler, int matrix, int is_full, int to_matrix, int to_is_full) {
    return sws_setColorspaceDetails(
        tl_scaler_context(scaler), sws_getCoefficients(matrix), is_full,
        sws_getCoefficients(to_matrix), to_is_full, 0, 1 << 16, 1 << 16);
}

static inline int tl_scale_frame(tl_scaler *scaler, AVFrame *target, const AVFrame *source) {
    return sws_scale_frame(tl_scaler_context(scaler), target, source);
}

// Scales a whole frame into one packed plane; Swift cannot pass the arrays of a frame as they are.
static inline int tl_scale_to_plane(
    tl_scaler *scaler, const AVFrame *frame, uint8_t *plane, int stride) {
    uint8_t *const planes[4] = {plane, NULL, NULL, NULL};
    const int strides[4] = {stride, 0, 0, 0};
    return sws_scale(
        tl_scaler_context(scaler), (const uint8_t *const *)frame->data, frame->linesize, 0,
        frame->height, planes, strides);
}

#endif
