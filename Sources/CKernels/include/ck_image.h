/// Conversion of a decoded frame to a network's input image.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// One direction of a resize: each output position is a weighted sum of adjacent source positions.
typedef struct {
    /// First source position of each output, and the number of positions. Both ends are non-decreasing.
    const int32_t *_Nonnull first;
    const int32_t *_Nonnull count;
    /// Index of each output's first weight.
    const int32_t *_Nonnull offset;
    /// The weights in 65536ths, at most 65535.
    const uint16_t *_Nonnull shares;
} ck_axis;

/// Weights of one direction for pairs of neighbouring samples.
typedef struct {
    /// Index of each output's first pair, followed by the total number of pairs.
    const int32_t *_Nonnull offset;
    /// Two weights each, in 32768ths, at most 32767; the earlier sample's in the lower half.
    const int32_t *_Nonnull weights;
} ck_pairs;

/// A plane of samples with its resize.
typedef struct {
    /// The first row.
    const void *_Nullable base;
    /// Bytes from row to row; may be negative.
    ptrdiff_t stride;
    /// Samples in a row, those of all components together.
    ptrdiff_t samples;
    /// Samples from one column to the next.
    ptrdiff_t step;
    ck_axis horizontal, vertical;
    /// Horizontal weights for outputs whose first sample is the earlier of its pair, and for those where it is the
    /// later.
    ck_pairs pairs[2];
} ck_plane;

/// Location of a component: its plane, and its sample within a column.
typedef struct {
    ptrdiff_t plane, phase;
} ck_component;

/// One number of a pixel: clamp(Σ components·factors + offset, 0, 255)·scale + shift. A component is a fraction of
/// 65536.
typedef struct {
    float factors[3];
    float offset, scale, shift;
} ck_color;

/// Conversion of a frame of one to three planes to an image of three numbers per pixel.
typedef struct {
    ck_plane planes[3];
    ptrdiff_t plane_count;
    /// Bytes of a sample, 1 or 2; two are little-endian.
    ptrdiff_t sample_bytes;
    /// Left shift that scales samples to 16 bits: 8 for bytes.
    ptrdiff_t lift;
    ck_component components[3];
    ck_color colors[3];
    /// Pixels of the result per row.
    ptrdiff_t width;
    /// Pixels of a row processed at a time.
    ptrdiff_t chunk;
    /// Floats of scratch per row: at least the samples that `chunk` pixels need of any plane, in whole vectors plus
    /// two, and at least three per pixel plus one vector.
    ptrdiff_t run_limit;
    /// First pixel of the result, and floats from row to row.
    float *_Nonnull output;
    ptrdiff_t output_stride;
} ck_image;
