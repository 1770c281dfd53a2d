/// How a decoded picture becomes a network's image.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// One direction of a resize: each place of the result is a weighted sum of adjacent places of the source.
typedef struct {
    /// The first place that each one sums, and how many; both ends never go back from place to place.
    const int32_t *_Nonnull first;
    const int32_t *_Nonnull count;
    /// Where its weights begin.
    const int32_t *_Nonnull offset;
    /// The weights in 65536ths, at most 65535.
    const uint16_t *_Nonnull shares;
} ck_axis;

/// The weights of one direction for neighbouring samples taken in pairs.
typedef struct {
    /// Where the pairs of each place begin, and in the end how many there are.
    const int32_t *_Nonnull offset;
    /// Two weights each, in 32768ths, at most 32767: the earlier sample's in the lower half.
    const int32_t *_Nonnull weights;
} ck_pairs;

/// A plane of samples and how it is resized.
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
    /// The horizontal weights where a place's first sample is the earlier one of its pair, and where it is the later one.
    ck_pairs pairs[2];
} ck_plane;

/// Where a component stands: in which plane, and at which of a column's samples.
typedef struct {
    ptrdiff_t plane, phase;
} ck_component;

/// One number of a pixel: (Σ components·factors + offset, held within 0 and 255)·scale + shift; a component
/// is a fraction of 65536.
typedef struct {
    float factors[3];
    float offset, scale, shift;
} ck_color;

/// A picture of one to three planes that becomes a network's image, three numbers a pixel.
typedef struct {
    ck_plane planes[3];
    ptrdiff_t plane_count;
    /// Bytes of a sample, 1 or 2; two are little-endian.
    ptrdiff_t sample_bytes;
    /// Bits by which samples are shifted up to fill 16: 8 for bytes.
    ptrdiff_t lift;
    ck_component components[3];
    ck_color colors[3];
    /// Pixels of the result in a row.
    ptrdiff_t width;
    /// Pixels of a row that are worked on at a time.
    ptrdiff_t chunk;
    /// At least the samples, in whole registers and two more, that `chunk` pixels need of any plane, and
    /// three for each pixel and a vector.
    ptrdiff_t run_limit;
    /// The first pixel, and floats from row to row.
    float *_Nonnull output;
    ptrdiff_t output_stride;
} ck_image;
