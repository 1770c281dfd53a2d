/// Microkernels of the float32 inference plan, each compiled for several instruction sets.
///
/// A kernel takes a description of one layer, laid out beforehand, and computes a part of it: a run of
/// pixels or of rows. Nothing here allocates, starts threads or decides anything; every output is summed
/// in one fixed order, so that any split of a layer gives the same bits.
///
/// Feature maps are slabs: pixel after pixel in raster order, the channels of a pixel side by side, a
/// pixel's step a multiple of the vector width. Slabs end in one vector of slack, because the last
/// channels of a range are read and written as whole vectors.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ck_image.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Adjacent channels of a slab: what a layer reads.
typedef struct {
    /// The range's first channel in the first pixel.
    const float *_Nonnull base;
    /// Floats from pixel to pixel.
    ptrdiff_t stride;
    /// Channels.
    ptrdiff_t count;
} ck_range;

/// What happens to a sum before it is stored.
typedef enum : int32_t {
    ck_linear,
    ck_relu,
    ck_sigmoid,
} ck_activation;

/// How a product's inputs become narrow numbers.
///
/// Those of a pixel are taken in groups of 32 bits, the last filled with zeros; weights are packed alike. Integer
/// products take round(input · inverse + zero), within 0…255, less the kernels' `offset`, and give sum · scale.
typedef struct {
    /// Groups in a pixel, at most `most_steps` of the kernels.
    ptrdiff_t steps;
    float inverse, zero;
    /// (offset − zero) · Σ weights for each padded output, what its sum starts at.
    const int32_t *_Nullable starts;
    /// What one unit of each padded output's sum is worth.
    const float *_Nullable scales;
} ck_narrowing;

/// Pooling by threes in steps of two along a row of pixels, at the store of a product; the row's first pixel is 0.
typedef struct {
    /// The row's last pixel so far, one number per padded output; −∞ at first.
    float *_Nonnull left;
    /// Where the pooled row is kept as it is, or null; laid out as the output.
    float *_Nullable kept;
    /// A pooled row that joins in, or null; may be the output.
    const float *_Nullable with;
} ck_fold;

/// A 1×1 convolution or a fully connected layer: one product of a matrix of pixels with weights.
///
/// output = activation(bias + spread + Σ ranges·weights + addend) · factor
typedef struct {
    /// The channels read, in the order of the weights' rows.
    const ck_range *_Nonnull ranges;
    ptrdiff_t range_count;
    /// Panel after panel (see `ck_panel`), each one row of outputs per input channel, or per step of narrow
    /// numbers.
    const void *_Nonnull weights;
    /// For products of narrow numbers.
    const ck_narrowing *_Nullable narrowing;
    /// One number per padded output.
    const float *_Nonnull bias;
    /// A second bias that an earlier layer computed, or null.
    const float *_Nullable spread;
    /// Output channels in half vectors; even where a set does not work on halves.
    ptrdiff_t halves;
    float *_Nonnull output;
    ptrdiff_t output_stride;
    /// A slab to be added, or null, and which of its pixels belongs to each output pixel (null: the same).
    const float *_Nullable addend;
    ptrdiff_t addend_stride;
    const int32_t *_Nullable addend_index;
    /// A slab to be multiplied with, or null.
    const float *_Nullable factor;
    ptrdiff_t factor_stride;
    ck_activation activation;
    /// Pooling before the store, or null; of linear or rectified sums only.
    const ck_fold *_Nullable fold;
} ck_pointwise;

/// The geometry of a window that slides over a map.
typedef struct {
    ptrdiff_t input_height, input_width;
    ptrdiff_t output_height, output_width;
    ptrdiff_t kernel, stride, padding;
} ck_window;

/// A convolution of each channel by itself; outputs follow the order of the ranges.
typedef struct {
    const ck_range *_Nonnull ranges;
    ptrdiff_t range_count;
    ck_window window;
    /// One row of `weight_stride` channels per tap, in the order of the outputs.
    const float *_Nonnull weights;
    ptrdiff_t weight_stride;
    const float *_Nonnull bias;
    float *_Nonnull output;
    ptrdiff_t output_stride;
    ck_activation activation;
} ck_depthwise;

/// The greatest value in each window; outputs follow the order of the ranges.
typedef struct {
    const ck_range *_Nonnull ranges;
    ptrdiff_t range_count;
    ck_window window;
    float *_Nonnull output;
    ptrdiff_t output_stride;
} ck_maxpool;

/// A full convolution with few input channels over an image with a border of zeros.
typedef struct {
    /// Pixel (−padding, −padding).
    const float *_Nonnull image;
    /// Floats from row to row of the bordered image.
    ptrdiff_t row_stride;
    ptrdiff_t channels;
    ck_window window;
    /// As for a pointwise layer, rows in the order kernel row, kernel column, channel.
    const void *_Nonnull weights;
    const ck_narrowing *_Nullable narrowing;
    /// Which product computes a row.
    void (*_Nonnull product)(const ck_pointwise *_Nonnull, ptrdiff_t first, ptrdiff_t last);
    const float *_Nonnull bias;
    ptrdiff_t halves;
    float *_Nonnull output;
    ptrdiff_t output_stride;
    ck_activation activation;
    /// The pooling that follows, if `pooling.kernel` is not zero: `output` is then the pooled map.
    ck_window pooling;
} ck_stem;

/// The mean over a map; one pixel comes out.
typedef struct {
    const ck_range *_Nonnull ranges;
    ptrdiff_t range_count;
    ptrdiff_t pixels;
    float *_Nonnull output;
} ck_average;

/// Channels picked from slabs into another order.
typedef struct {
    const ck_range *_Nonnull ranges;
    ptrdiff_t range_count;
    /// Which pixel of the ranges belongs to each output pixel (null: the same).
    const int32_t *_Nullable index;
    float *_Nonnull output;
    ptrdiff_t output_stride;
} ck_gather;

/// Position-sensitive pooling of regions (R-FCN, RoIAlign).
///
/// The `depth` channels of a bin stand side by side, bins row by row, in the map and in the result. Seven
/// floats beyond the last are read and written.
typedef struct {
    const float *_Nonnull map;
    ptrdiff_t stride;
    ptrdiff_t height, width;
    /// Corners x0, y0, x1, y1 in input pixels.
    const float *_Nonnull regions;
    ptrdiff_t region_stride;
    ptrdiff_t bins, depth, samples;
    int32_t takes_maximum;
    int32_t is_aligned;
    /// Cells per input pixel.
    float scale;
    float *_Nonnull output;
    ptrdiff_t output_stride;
} ck_region_pool;

/// Products of narrow numbers.
typedef struct {
    void (*_Nullable pointwise)(const ck_pointwise *_Nonnull, ptrdiff_t first, ptrdiff_t last);
    /// As `peak` of the table.
    double (*_Nullable peak)(ptrdiff_t rounds, float *_Nonnull sink);
    /// Inputs in a step: 2 or 4.
    ptrdiff_t group;
    /// What is taken off integer inputs before they are multiplied, where products are of signed bytes.
    int32_t offset;
    /// The most steps that a pixel may have.
    ptrdiff_t most_steps;
} ck_narrow_kernels;

/// The kernels of one instruction set.
///
/// `first` and `last` bound the part to compute: output pixels of a product, a gather; output rows of
/// sliding windows; regions of a region pooling.
typedef struct {
    /// What the set is called: `portable`, `neon`, `avx2`, `avx512`.
    const char *_Nonnull name;
    /// Floats in a vector.
    ptrdiff_t width;
    /// Outputs of a product are padded to a multiple of this many: a vector, or half of one.
    ptrdiff_t padding;
    void (*_Nonnull pointwise)(const ck_pointwise *_Nonnull, ptrdiff_t first, ptrdiff_t last);
    void (*_Nonnull depthwise)(const ck_depthwise *_Nonnull, ptrdiff_t first, ptrdiff_t last);
    void (*_Nonnull maxpool)(const ck_maxpool *_Nonnull, ptrdiff_t first, ptrdiff_t last);
    /// `scratch` holds `pooling.kernel` padded rows of the convolution's map and a vector, if a pooling follows.
    void (*_Nonnull stem)(
        const ck_stem *_Nonnull, float *_Nullable scratch, ptrdiff_t first, ptrdiff_t last);
    void (*_Nonnull average)(const ck_average *_Nonnull);
    void (*_Nonnull gather)(const ck_gather *_Nonnull, ptrdiff_t first, ptrdiff_t last);
    void (*_Nonnull region_pool)(const ck_region_pool *_Nonnull, ptrdiff_t first, ptrdiff_t last);
    /// Rows of the result; `scratch` holds 3·`run_limit` vectors.
    void (*_Nonnull image)(
        const ck_image *_Nonnull, float *_Nonnull scratch, ptrdiff_t first, ptrdiff_t last);
    /// Runs `rounds` times a loop of independent multiply-adds; returns how many it did in all.
    double (*_Nonnull peak)(ptrdiff_t rounds, float *_Nonnull sink);
    /// Empty where the set has no such instruction.
    ck_narrow_kernels bfloat16;
    /// Whether this processor does more multiply-adds in a cycle with them than in float32.
    bool bfloat16_gains;
    /// Inputs of 8 bits, weights of 8 bits (four to a step), or of 16 (two).
    ck_narrow_kernels int8;
} ck_table;

/// How far the choice of instruction sets may go, in rising order. No processor has all of them.
typedef enum : int32_t {
    ck_portable,
    ck_neon,
    ck_avx2,
    ck_avx512,
} ck_set;

/// The best set that is neither above `limit` nor beyond this processor.
ck_set ck_best(ck_set limit);

/// The kernels of that set.
ck_table ck_kernels(ck_set limit);

/// Half vectors in the next panel of packed weights when `left` are still to come: two or three vectors
/// as long as there are as many, one and a half at the end of an odd number of halves.
static inline ptrdiff_t ck_panel(ptrdiff_t left) {
    if (left <= 4) { return left; }
    ptrdiff_t vectors = left % 2 == 0 ? left / 2 : (left - 3) / 2;
    if (vectors < 3) { return 2 * vectors; }
    return vectors % 2 == 0 ? 4 : 6;
}

#ifdef __cplusplus
}
#endif
