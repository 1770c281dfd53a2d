// Products of narrow numbers: 32 bits hold CK_GROUP neighbouring inputs of a pixel, or weights of an output, and
// one instruction multiplies and adds them all.
//
// Before: CK_GROUP; `narrow_value`; `store_narrow`, which turns one vector of inputs into narrow ones; `dot`, which
// adds the products of a step to sums, where panels end in halves `half_dot`, and with CK_LANES `dot_lane`, which takes
// the inputs from one lane; CK_IS_INTEGER, whether those sums are whole numbers; and CK_OFFSET, what narrow inputs lack.
//
// Inputs are narrowed block by block into scratch, their ranges side by side, so that tiles read one run of steps.

// Steps of one block: with the weights of a panel no more than the first-level cache holds.
enum { block_steps = 4096 };

// What fills the last step meets weights of zero, and must be a number, as whole ones always are.
CK_INLINE void fill_step(narrow_value *to, const narrow_value *end) {
#if !CK_IS_INTEGER
    while (to < end) { *to++ = 0; }
#else
    (void)to;
    (void)end;
#endif
}

static void narrow_pixels(
    const ck_pointwise *layer, ptrdiff_t first, ptrdiff_t last, narrow_value *to
) {
    ptrdiff_t size = layer->narrowing->steps * CK_GROUP;
    for (ptrdiff_t pixel = first; pixel < last; pixel++) {
        narrow_value *place = to;
        for (ptrdiff_t r = 0; r < layer->range_count; r++) {
            const ck_range *range = &layer->ranges[r];
            const float *from = range->base + pixel * range->stride;
            // The last vector of a range reaches into the next, which then overwrites it.
            for (ptrdiff_t c = 0; c < range->count; c += CK_WIDTH) {
                store_narrow(place + c, load(from + c), layer);
            }
            place += range->count;
        }
        to += size;
        fill_step(place, to);
    }
}

// Rows of a picture, whose pixels share most of their inputs: each number is narrowed once and then copied.
enum { most_rows = 5, row_numbers = 1024 };

CK_INLINE int is_picture(const ck_pointwise *layer) {
    const ck_range *range = layer->ranges;
    return range->stride < range->count && range->count < row_numbers / 2
        && layer->range_count <= most_rows;
}

static void narrow_picture(
    const ck_pointwise *layer, ptrdiff_t first, ptrdiff_t last, narrow_value *to
) {
    narrow_value rows[most_rows][row_numbers + CK_WIDTH];
    ptrdiff_t size = layer->narrowing->steps * CK_GROUP;
    ptrdiff_t stride = layer->ranges->stride, count = layer->ranges->count;
    for (ptrdiff_t r = 0; r < layer->range_count; r++) {
        const float *from = layer->ranges[r].base + first * stride;
        for (ptrdiff_t i = 0; i < (last - first - 1) * stride + count; i += CK_WIDTH) {
            store_narrow(rows[r] + i, load(from + i), layer);
        }
    }
    for (ptrdiff_t pixel = 0; pixel < last - first; pixel++) {
        narrow_value *place = to;
        for (ptrdiff_t r = 0; r < layer->range_count; r++) {
            const narrow_value *from = rows[r] + pixel * stride;
            // One vector is enough for three pixels of three numbers.
            __builtin_memcpy(place, from, CK_WIDTH * sizeof(narrow_value));
            if (count > CK_WIDTH) { __builtin_memcpy(place, from, count * sizeof(narrow_value)); }
            place += count;
        }
        to += size;
        fill_step(place, to);
    }
}

#define CK_KIND narrow
#define CK_IS_NARROW 1
#define CK_NUMBER int32_t
#define CK_DOT_LANE dot_lane

#define CK_PIECE vec
#define CK_WHOLE ivec
#define CK_FACTOR ivec
#define CK_DOT dot
#include "tile.h"

#if CK_PADDING < CK_WIDTH
#define CK_PIECE half_vec
#define CK_WHOLE half_ivec
#define CK_FACTOR half_ivec
#define CK_DOT half_dot
#include "tile.h"
#endif

CK_TILE_TABLE(narrow)

// Pixels in a tile of a panel.
static ptrdiff_t largest_narrow_tile(const ck_pointwise *layer, ptrdiff_t panel) {
#ifdef CK_TIGHT
    // Products that are added by an instruction of their own need one register more; what is folded needs pairs.
    if (panel == 6 && !layer->fold) { return largest_tile[panel] - 1; }
#endif
    (void)layer;
    return largest_tile[panel];
}

// Panels outside, tiles inside, as for float32.
static void narrow_block(
    const ck_pointwise *layer, ptrdiff_t first, ptrdiff_t last, const int32_t *packed
) {
    ptrdiff_t steps = layer->narrowing->steps;
    const int32_t *weights = layer->weights;
    for (ptrdiff_t done = 0; done < layer->halves;) {
        ptrdiff_t panel = ck_panel(layer->halves - done);
        ptrdiff_t largest = largest_narrow_tile(layer, panel);
        for (ptrdiff_t pixel = first; pixel < last; pixel += largest) {
            ptrdiff_t pixels = last - pixel < largest ? last - pixel : largest;
            narrow_tiles[panel][pixels](
                layer, pixel, done * (CK_WIDTH / 2), weights, packed + (pixel - first) * steps);
        }
        weights += steps * panel * (CK_WIDTH / 2);
        done += panel;
    }
}

static void narrow_pointwise(const ck_pointwise *layer, ptrdiff_t first, ptrdiff_t last) {
    int32_t packed[block_steps + CK_WIDTH];
    int picture = is_picture(layer);
    ptrdiff_t most = block_steps / layer->narrowing->steps;
    if (picture) {
        ptrdiff_t pixels = (row_numbers - layer->ranges->count) / layer->ranges->stride;
        most = pixels < most ? pixels : most;
    }
    // Whole tiles of any size where several fit.
    ptrdiff_t block = most < 24 ? most : most / 24 * 24;
    for (ptrdiff_t start = first; start < last; start += block) {
        ptrdiff_t end = last - start < block ? last : start + block;
        (picture ? narrow_picture : narrow_pixels)(layer, start, end, (narrow_value *)packed);
        narrow_block(layer, start, end, packed);
    }
}

static double narrow_peak(ptrdiff_t rounds, float *sink) {
    vec sums[peak_sums];
    ivec weights = (ivec)splat(sink[0]), inputs = (ivec)splat(sink[1]);
    CK_UNROLL for (int i = 0; i < peak_sums; i++) { sums[i] = splat(0); }
    for (ptrdiff_t round = 0; round < rounds; round++) {
        CK_UNROLL for (int i = 0; i < peak_sums; i++) {
            // Else a product of its own instruction would be taken out of the loop.
            CK_HIDE(inputs);
            sums[i] = dot(sums[i], weights, inputs);
            CK_HIDE(sums[i]);
        }
    }
    vec total = sums[0];
    CK_UNROLL for (int i = 1; i < peak_sums; i++) { total += sums[i]; }
    store(sink, total);
    return (double)rounds * peak_sums * CK_WIDTH * CK_GROUP;
}

static const ck_narrow_kernels narrow_kernels = {
    .pointwise = narrow_pointwise,
    .peak = narrow_peak,
    .group = CK_GROUP,
    .offset = CK_OFFSET,
    .most_steps = block_steps,
};
