/// Microkernels of the inference plan, compiled once for each instruction set.
///
/// A kernel reads the description of one layer and computes a part of it: a range of pixels or rows. Kernels do not
/// allocate, start threads or keep state. Each output is summed in one fixed order, so any split of a layer gives the
/// same bits.
///
/// Layout of feature maps (NHWC): pixels in raster order, channels of a pixel adjacent, the stride between pixels a
/// multiple of the vector width. Each buffer ends in one vector of slack, because the last channels of a range are
/// read and written as whole vectors.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ck_image.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Adjacent channels of a buffer that a layer reads.
typedef struct {
    /// The range's first channel in the first pixel.
    const float *_Nonnull base;
    /// Floats from pixel to pixel.
    ptrdiff_t stride;
    /// Channels.
    ptrdiff_t count;
} ck_range;

/// Activation function, applied before a result is stored.
typedef enum : int32_t {
    ck_linear,
    ck_relu,
    ck_sigmoid,
} ck_activation;

/// Operations fused into the store of a GEMM:
///
/// output = activation(bias + broadcast_bias + sum + residual) · scale
typedef struct {
    /// One number per padded output.
    const float *_Nonnull bias;
    /// A second bias, computed by an earlier layer; null for none.
    const float *_Nullable broadcast_bias;
    /// A map added to the sum; null for none.
    const float *_Nullable residual;
    /// Floats from pixel to pixel of the residual.
    ptrdiff_t residual_stride;
    /// The residual's pixel for each output pixel; null for the same pixel.
    const int32_t *_Nullable residual_index;
    /// A map that multiplies the activated result; null for none.
    const float *_Nullable scale;
    /// Floats from pixel to pixel of the scale.
    ptrdiff_t scale_stride;
    ck_activation activation;
} ck_epilogue;

/// Low-precision operands of a GEMM: bfloat16, or integers of 8 bits.
///
/// The inputs of a pixel are converted in groups of 32 bits, the last group padded with zeros. Weights are packed in
/// the same groups. Integer inputs are round(input · inverse + zero), clamped to 0…255, minus the kernels' `offset`.
/// Their sums are converted back by `scales`.
typedef struct {
    /// Groups in a pixel, at most `most_steps` of the kernels.
    ptrdiff_t steps;
    /// Reciprocal of the inputs' quantization step, and their zero point. Integers only.
    float inverse, zero;
    /// Start of the sum of each padded output: (offset − zero) · Σ weights. Integers only.
    const int32_t *_Nullable starts;
    /// Value of one unit of each padded output's sum. Integers only.
    const float *_Nullable scales;
} ck_lowp;

/// Max pooling by 3 at stride 2 along a row, fused into the store of a GEMM. The row's first pixel is 0.
typedef struct {
    /// The last pixel computed so far, one number per padded output; −∞ at first.
    float *_Nonnull left;
    /// Copy of the pooled row before merging, laid out like the output; null for none.
    float *_Nullable copy;
    /// A pooled row to merge by maximum, laid out like the output; null for none. May be the output.
    const float *_Nullable merged;
} ck_row_pooling;

/// A 1×1 convolution or a dense layer: the GEMM of a matrix of pixels with a matrix of weights.
typedef struct {
    /// The channels read, in the order of the weights' rows.
    const ck_range *_Nonnull ranges;
    ptrdiff_t range_count;
    /// Panel after panel (see `ck_panel`). A panel holds one row of outputs per input channel, or per group of
    /// low-precision inputs.
    const void *_Nonnull weights;
    /// Null for float32.
    const ck_lowp *_Nullable lowp;
    ck_epilogue epilogue;
    /// Output channels in half vectors; even where a set has no half vectors.
    ptrdiff_t half_vectors;
    float *_Nonnull output;
    ptrdiff_t output_stride;
    /// Pooling before the store; null for none. Requires a linear or ReLU activation.
    const ck_row_pooling *_Nullable pooling;
} ck_pointwise;

/// A GEMM kernel: computes the output pixels from `first` to before `last`.
typedef void (*ck_gemm)(const ck_pointwise *_Nonnull, ptrdiff_t first, ptrdiff_t last);

/// Geometry of a window that slides over a map.
typedef struct {
    ptrdiff_t input_height, input_width;
    ptrdiff_t output_height, output_width;
    ptrdiff_t kernel, stride, padding;
} ck_window;

/// A depthwise convolution. Outputs follow the order of the ranges.
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

/// Max pooling. Outputs follow the order of the ranges.
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
    /// Packed as for a pointwise layer, rows in the order kernel row, kernel column, channel.
    const void *_Nonnull weights;
    const ck_lowp *_Nullable lowp;
    /// The GEMM that computes a row.
    ck_gemm _Nonnull gemm;
    /// Bias and activation; the other fields are empty.
    ck_epilogue epilogue;
    ptrdiff_t half_vectors;
    float *_Nonnull output;
    ptrdiff_t output_stride;
    /// Max pooling fused with the convolution; none where its `kernel` is 0. `output` is the pooled map.
    ck_window pooling;
} ck_stem;

/// Global average pooling. The result is one pixel.
typedef struct {
    const ck_range *_Nonnull ranges;
    ptrdiff_t range_count;
    ptrdiff_t pixels;
    float *_Nonnull output;
} ck_average;

/// A copy of channels into another order.
typedef struct {
    const ck_range *_Nonnull ranges;
    ptrdiff_t range_count;
    /// The source pixel of each output pixel; null for the same pixel.
    const int32_t *_Nullable index;
    float *_Nonnull output;
    ptrdiff_t output_stride;
} ck_gather;

/// Position-sensitive RoI pooling (R-FCN, RoIAlign).
///
/// The `depth` channels of a bin are adjacent, bins in raster order, in the map and in the result. The kernel reads and
/// writes seven floats beyond the last.
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

/// GEMM kernels of one low precision.
typedef struct {
    /// Null where the instruction set has no such kernel.
    ck_gemm _Nullable pointwise;
    /// Like `fma_throughput` of the table.
    double (*_Nullable fma_throughput)(ptrdiff_t rounds, float *_Nonnull sink);
    /// Inputs in a step: 2 or 4.
    ptrdiff_t group;
    /// Subtracted from integer inputs before the multiplication: 128 where the instruction takes signed bytes, else 0.
    int32_t offset;
    /// Upper limit of steps in a pixel.
    ptrdiff_t most_steps;
} ck_lowp_kernels;

/// The kernels of one instruction set.
///
/// `first` and `last` bound the part to compute: output pixels of a GEMM or a gather, output rows of sliding windows,
/// regions of a region pooling.
typedef struct {
    /// Name of the set: `portable`, `neon`, `avx2`, `avx512`.
    const char *_Nonnull name;
    /// Floats in a vector.
    ptrdiff_t width;
    /// Outputs of a GEMM are padded to a multiple of this: a vector, or half of one.
    ptrdiff_t padding;
    ck_gemm _Nonnull pointwise;
    void (*_Nonnull depthwise)(const ck_depthwise *_Nonnull, ptrdiff_t first, ptrdiff_t last);
    void (*_Nonnull maxpool)(const ck_maxpool *_Nonnull, ptrdiff_t first, ptrdiff_t last);
    /// With a pooling, `scratch` holds `pooling.kernel` padded rows of the convolution's map and one vector.
    void (*_Nonnull stem)(
        const ck_stem *_Nonnull, float *_Nullable scratch, ptrdiff_t first, ptrdiff_t last);
    void (*_Nonnull average)(const ck_average *_Nonnull);
    void (*_Nonnull gather)(const ck_gather *_Nonnull, ptrdiff_t first, ptrdiff_t last);
    void (*_Nonnull region_pool)(const ck_region_pool *_Nonnull, ptrdiff_t first, ptrdiff_t last);
    /// Computes rows of the result. `scratch` holds 3·`run_limit` vectors.
    void (*_Nonnull image)(
        const ck_image *_Nonnull, float *_Nonnull scratch, ptrdiff_t first, ptrdiff_t last);
    /// Runs a loop of independent multiply-adds `rounds` times and returns their total number.
    double (*_Nonnull fma_throughput)(ptrdiff_t rounds, float *_Nonnull sink);
    /// Empty where the set has no such instruction.
    ck_lowp_kernels bfloat16;
    /// True when this processor does more multiply-adds per cycle in bfloat16 than in float32.
    bool bfloat16_gains;
    /// Inputs of 8 bits. Weights of 8 bits (four to a step) or of 16 bits (two).
    ck_lowp_kernels int8;
} ck_table;

/// Upper limit for the choice of an instruction set, in rising order. No processor has all sets.
typedef enum : int32_t {
    ck_portable,
    ck_neon,
    ck_avx2,
    ck_avx512,
} ck_set;

/// The best set that this processor has and that does not exceed `limit`.
ck_set ck_best(ck_set limit);

/// The kernels of `ck_best(limit)`.
ck_table ck_kernels(ck_set limit);

/// Half vectors in the next panel of packed weights, of `left` that remain: two or three vectors where as many remain,
/// one and a half at the end of an odd number.
static inline ptrdiff_t ck_panel(ptrdiff_t left) {
    if (left <= 4) { return left; }
    ptrdiff_t vectors = left % 2 == 0 ? left / 2 : (left - 3) / 2;
    if (vectors < 3) { return 2 * vectors; }
    return vectors % 2 == 0 ? 4 : 6;
}

#ifdef __cplusplus
}
#endif
