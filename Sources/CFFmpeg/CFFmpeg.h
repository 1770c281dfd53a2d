// The one door through which FFmpeg enters. Beside the library headers it holds only what Swift's
// importer cannot see: macros that are expressions, and elements of fixed C arrays.
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
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/sha.h>
#include <libavutil/time.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

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
static const int64_t tl_no_timestamp = AV_NOPTS_VALUE;
static const AVRational tl_microseconds = {1, AV_TIME_BASE};

static inline int tl_error_from_errno(int number) { return AVERROR(number); }

static inline uint8_t *tl_frame_plane(const AVFrame *frame, int plane) { return frame->data[plane]; }
static inline int tl_frame_stride(const AVFrame *frame, int plane) { return frame->linesize[plane]; }
static inline AVStream *tl_stream(const AVFormatContext *context, int index) {
    return context->streams[index];
}

// A packet's number travels through the decoder to its picture.
static inline void tl_number_packet(AVCodecContext *context, AVPacket *packet, int64_t number) {
#if LIBAVCODEC_VERSION_MAJOR < 60
    (void)packet;
    context->reordered_opaque = number;
#else
    context->flags |= AV_CODEC_FLAG_COPY_OPAQUE;
    packet->opaque = (void *)(intptr_t)number;
#endif
}
static inline int64_t tl_packet_number(const AVFrame *frame) {
#if LIBAVCODEC_VERSION_MAJOR < 60
    return frame->reordered_opaque;
#else
    return (int64_t)(intptr_t)frame->opaque;
#endif
}

// Scales a whole picture into one packed plane; Swift cannot pass the arrays of a frame as they are.
static inline int tl_scale(struct SwsContext *context, const AVFrame *frame, uint8_t *plane, int stride) {
    uint8_t *const planes[4] = {plane, NULL, NULL, NULL};
    const int strides[4] = {stride, 0, 0, 0};
    return sws_scale(context, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height,
                     planes, strides);
}

#endif
