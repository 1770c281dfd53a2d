// GEMM in low precision: 32 bits hold CK_GROUP neighbouring inputs of a pixel, or weights of an output, and one
// instruction multiplies and adds them all.
//
// The including file defines:
// - CK_GROUP, the inputs in a step; CK_IS_INTEGER, 1 for integer sums; CK_OFFSET, subtracted from integer inputs;
// - `lowp_value`, one input; `store_lowp`, which converts and stores one vector of inputs;
// - `dot`, which adds the products of a step to sums; `half_dot` where panels end in half vectors; with CK_LANES
//   `dot_lane`, which takes the inputs from one lane.
//
// Inputs are converted block by block into scratch, their ranges adjacent, so that tiles read one run of steps.

// Steps of one block: together with the weights of a panel they fit the L1 cache.
enum { block_steps = 4096 };

// Fills the last step of a pixel. Padding is multiplied by zero weights, so it must not be NaN; integers cannot be.
CK_INLINE void fill_step(lowp_value *to, const lowp_value *end) {
#if !CK_IS_INTEGER
    while (to < end) { *to++ = 0; }
#else
    (void)to;
    (void)end;
#endif
}

static void lowp_pixels(
    const ck_pointwise *layer, ptrdiff_t first, ptrdiff_t last, lowp_value *to
) {
    ptrdiff_t size = layer->lowp->steps * CK_GROUP;
    for (ptrdiff_t pixel = first; pixel < last; pixel++) {
        lowp_value *place = to;
        for (ptrdiff_t r = 0; r < layer->range_count; r++) {
            const ck_range *range = &layer->ranges[r];
            const float *from = range->base + pixel * range->stride;
            // The last vector of a range extends into the next range, which then overwrites it.
            for (ptrdiff_t c = 0; c < range->count; c += CK_WIDTH) {
                store_lowp(place + c, load(from + c), layer);
            }
            place += range->count;
        }
        to += size;
        fill_step(place, to);
    }
}

// Rows of an image, whose windows share most of their inputs: each number is converted once and then copied.
enum { most_rows = 5, row_numbers = 1024 };

CK_INLINE int is_image(const ck_pointwise *layer) {
    const ck_range *range = layer->ranges;
    return range->stride < range->count && range->count < row_numbers / 2
        && layer->range_count <= most_rows;
}

static void lowp_image(
    const ck_pointwise *layer, ptrdiff_t first, ptrdiff_t last, lowp_value *to
) {
    lowp_value rows[most_rows][row_numbers + CK_WIDTH];
    ptrdiff_t size = layer->lowp->steps * CK_GROUP;
    ptrdiff_t stride = layer->ranges->stride, count = layer->ranges->count;
    for (ptrdiff_t r = 0; r < layer->range_count; r++) {
        const float *from = layer->ranges[r].base + first * stride;
        for (ptrdiff_t i = 0; i < (last - first - 1) * stride + count; i += CK_WIDTH) {
            store_lowp(rows[r] + i, load(from + i), layer);
        }
    }
    for (ptrdiff_t pixel = 0; pixel < last - first; pixel++) {
        lowp_value *place = to;
        for (ptrdiff_t r = 0; r < layer->range_count; r++) {
            const lowp_value *from = rows[r] + pixel * stride;
            // One vector holds three pixels of three numbers.
            __builtin_memcpy(place, from, CK_WIDTH * sizeof(lowp_value));
            if (count > CK_WIDTH) { __builtin_memcpy(place, from, count * sizeof(lowp_value)); }
            place += count;
        }
        to += size;
        fill_step(place, to);
    }
}

#define CK_KIND lowp
#define CK_IS_LOWP 1
#define CK_ELEMENT int32_t
#define CK_DOT_LANE dot_lane

#define CK_VECTOR vec
#define CK_INT_VECTOR ivec
#define CK_OPERAND ivec
#define CK_DOT dot
#include "tile.h"

#if CK_PADDING < CK_WIDTH
#define CK_VECTOR half_vec
#define CK_INT_VECTOR half_ivec
#define CK_OPERAND half_ivec
#define CK_DOT half_dot
#include "tile.h"
#endif

CK_TILE_TABLE(lowp)

// Pixels in a tile of a panel.
static ptrdiff_t largest_lowp_tile(const ck_pointwise *layer, ptrdiff_t panel) {
#ifdef CK_TIGHT
    // Separate multiply and add instructions need one register more. Fused pooling needs pairs of pixels.
    if (panel == 6 && !layer->pooling) { return largest_tile[panel] - 1; }
#endif
    (void)layer;
    return largest_tile[panel];
}

// Loops over panels outside and tiles inside, as for float32.
static void lowp_block(
    const ck_pointwise *layer, ptrdiff_t first, ptrdiff_t last, const int32_t *packed
) {
    ptrdiff_t steps = layer->lowp->steps;
    const int32_t *weights = layer->weights;
    for (ptrdiff_t done = 0; done < layer->half_vectors;) {
        ptrdiff_t panel = ck_panel(layer->half_vectors - done);
        ptrdiff_t largest = largest_lowp_tile(layer, panel);
        for (ptrdiff_t pixel = first; pixel < last; pixel += largest) {
            ptrdiff_t pixels = last - pixel < largest ? last - pixel : largest;
            lowp_tiles[panel][pixels](
                layer, pixel, done * (CK_WIDTH / 2), weights, packed + (pixel - first) * steps);
        }
        weights += steps * panel * (CK_WIDTH / 2);
        done += panel;
    }
}

static void lowp_pointwise(const ck_pointwise *layer, ptrdiff_t first, ptrdiff_t last) {
    int32_t packed[block_steps + CK_WIDTH];
    int image = is_image(layer);
    ptrdiff_t most = block_steps / layer->lowp->steps;
    if (image) {
        ptrdiff_t pixels = (row_numbers - layer->ranges->count) / layer->ranges->stride;
        most = pixels < most ? pixels : most;
    }
    // A multiple of every tile size where several tiles fit.
    ptrdiff_t block = most < 24 ? most : most / 24 * 24;
    for (ptrdiff_t start = first; start < last; start += block) {
        ptrdiff_t end = last - start < block ? last : start + block;
        (image ? lowp_image : lowp_pixels)(layer, start, end, (lowp_value *)packed);
        lowp_block(layer, start, end, packed);
    }
}

static double lowp_fma_throughput(ptrdiff_t rounds, float *sink) {
    vec sums[throughput_sums];
    ivec weights = (ivec)splat(sink[0]), inputs = (ivec)splat(sink[1]);
    CK_UNROLL for (int i = 0; i < throughput_sums; i++) { sums[i] = splat(0); }
    for (ptrdiff_t round = 0; round < rounds; round++) {
        CK_UNROLL for (int i = 0; i < throughput_sums; i++) {
            // Keeps a separate multiply instruction inside the loop.
            CK_HIDE(inputs);
            sums[i] = dot(sums[i], weights, inputs);
            CK_HIDE(sums[i]);
        }
    }
    vec total = sums[0];
    CK_UNROLL for (int i = 1; i < throughput_sums; i++) { total += sums[i]; }
    store(sink, total);
    return (double)rounds * throughput_sums * CK_WIDTH * CK_GROUP;
}

static const ck_lowp_kernels lowp_kernels = {
    .pointwise = lowp_pointwise,
    .fma_throughput = lowp_fma_throughput,
    .group = CK_GROUP,
    .offset = CK_OFFSET,
    .most_steps = block_steps,
};
