// Products of narrow numbers: 32 bits hold CK_GROUP neighbouring inputs of a pixel, or weights of an output, and
// one instruction multiplies and adds them all.
//
// Before: CK_GROUP; `narrow_value`; `store_narrow`, which turns one vector of inputs into narrow ones; `dot` and
// `half_dot`, which add the products of a step to sums of either kind, and with CK_LANES `dot_lane`, which takes the
// inputs from one lane; CK_IS_INTEGER, whether those sums are whole numbers; and CK_OFFSET, what narrow inputs lack.
//
// Inputs are narrowed block by block into scratch, their ranges side by side, so that tiles read one run of steps.

// Steps of one block: with the weights of a panel no more than the first-level cache holds.
enum { block_steps = 4096 };

CK_INLINE void narrow_pixel(
    const ck_pointwise *layer, ptrdiff_t pixel, narrow_value *to, const narrow_value *end
) {
    for (ptrdiff_t r = 0; r < layer->range_count; r++) {
        const ck_range *range = &layer->ranges[r];
        const float *from = range->base + pixel * range->stride;
        // The last vector of a range reaches into the next, which then overwrites it.
        for (ptrdiff_t c = 0; c < range->count; c += CK_WIDTH) {
            store_narrow(to + c, load(from + c), layer);
        }
        to += range->count;
    }
    // What fills the last step meets weights of zero, and must be a number.
    while (to < end) { *to++ = 0; }
}

#ifdef CK_LANES

// As many steps as a vector has lanes, as for float32.
CK_INLINE void multiply_step_lanes(
    const int32_t *from, ptrdiff_t steps, const int32_t *weights, int pixels, int halves,
    tile_sums *sums
) {
    int vectors = halves / 2;
    ivec x[CK_TILE];
    CK_UNROLL for (int p = 0; p < pixels; p++) { x[p] = load_integers(from + p * steps); }
    CK_UNROLL for (int lane = 0; lane < CK_WIDTH; lane++) {
        CK_UNROLL for (int v = 0; v < vectors; v++) {
            ivec w = load_integers(weights + (lane * vectors + v) * CK_WIDTH);
            CK_UNROLL for (int p = 0; p < pixels; p++) {
                sums->whole[p][v] = dot_lane(sums->whole[p][v], w, x[p], lane);
            }
        }
    }
}

#endif

CK_INLINE void multiply_steps(
    const int32_t *a, ptrdiff_t steps, const int32_t *weights, int pixels, int halves,
    tile_sums *sums
) {
    int vectors = halves / 2;
    const int32_t *b = a + 3 * steps, *c = a + 6 * steps, *d = a + 9 * steps;
    ptrdiff_t s = 0;
#ifdef CK_LANES
    for (; s + CK_WIDTH <= steps; s += CK_WIDTH) {
        multiply_step_lanes(a + s, steps, weights, pixels, halves, sums);
        weights += CK_WIDTH * halves * (CK_WIDTH / 2);
    }
#endif
    for (; s < steps; s++) {
        ivec w[3];
        half_ivec last = {0};
        CK_UNROLL for (int v = 0; v < vectors; v++) { w[v] = load_integers(weights + v * CK_WIDTH); }
        if (halves % 2) { last = load_half_integers(weights + vectors * CK_WIDTH); }
        CK_UNROLL for (int p = 0; p < pixels; p++) {
            const int32_t *base = p < 3 ? a : p < 6 ? b : p < 9 ? c : d;
            ivec x = (ivec)(base[(p % 3) * steps + s]);
            if (halves % 2) { CK_HIDE(x); }
            CK_UNROLL for (int v = 0; v < vectors; v++) {
                sums->whole[p][v] = dot(sums->whole[p][v], w[v], x);
            }
            if (halves % 2) { sums->half[p] = half_dot(sums->half[p], last, x.lo); }
        }
        weights += halves * (CK_WIDTH / 2);
    }
}

#if CK_IS_INTEGER

// Whole sums start at what takes the inputs' zero point away again.
CK_INLINE void start_narrow(
    const ck_pointwise *layer, ptrdiff_t channel, int pixels, int halves, tile_sums *sums
) {
    int vectors = halves / 2;
    const int32_t *starts = layer->narrowing->starts + channel;
    CK_UNROLL for (int p = 0; p < pixels; p++) {
        CK_UNROLL for (int v = 0; v < vectors; v++) {
            sums->whole[p][v] = (vec)load_integers(starts + v * CK_WIDTH);
        }
        if (halves % 2) {
            sums->half[p] = (half_vec)load_half_integers(starts + vectors * CK_WIDTH);
        }
    }
}

// Whole sums become what the layer's numbers would have given, bias included.
CK_INLINE void widen_sums(
    const ck_pointwise *layer, ptrdiff_t channel, int pixels, int halves, tile_sums *sums
) {
    int vectors = halves / 2;
    tile_sums bias;
    start_tile(layer, channel, 1, halves, &bias);
    const float *scales = layer->narrowing->scales + channel;
    CK_UNROLL for (int p = 0; p < pixels; p++) {
        CK_UNROLL for (int v = 0; v < vectors; v++) {
            vec whole = __builtin_convertvector((ivec)sums->whole[p][v], vec);
            sums->whole[p][v] = whole * load(scales + v * CK_WIDTH) + bias.whole[0][v];
        }
        if (halves % 2) {
            half_vec half = __builtin_convertvector((half_ivec)sums->half[p], half_vec);
            sums->half[p] = half * load_half(scales + vectors * CK_WIDTH) + bias.half[0];
        }
    }
}

#endif

CK_INLINE void narrow_tile(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const void *weights,
    const int32_t *packed, int pixels, int halves
) {
    tile_sums sums;
#if CK_IS_INTEGER
    start_narrow(layer, channel, pixels, halves, &sums);
    multiply_steps(packed, layer->narrowing->steps, weights, pixels, halves, &sums);
    widen_sums(layer, channel, pixels, halves, &sums);
#else
    start_tile(layer, channel, pixels, halves, &sums);
    multiply_steps(packed, layer->narrowing->steps, weights, pixels, halves, &sums);
#endif
    end_tile(layer, pixel, channel, pixels, halves, &sums);
}

CK_TILE_TABLE(narrow)

// Panels outside, tiles inside, as for float32.
static void narrow_block(
    const ck_pointwise *layer, ptrdiff_t first, ptrdiff_t last, const int32_t *packed
) {
    ptrdiff_t steps = layer->narrowing->steps;
    const int32_t *weights = layer->weights;
    for (ptrdiff_t done = 0; done < layer->halves;) {
        ptrdiff_t panel = ck_panel(layer->halves - done);
        ptrdiff_t largest = largest_tile[panel];
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
    ptrdiff_t steps = layer->narrowing->steps;
    // Whole tiles of either size where several fit.
    ptrdiff_t most = block_steps / steps, block = most < 24 ? most : most / 24 * 24;
    for (ptrdiff_t start = first; start < last; start += block) {
        ptrdiff_t end = last - start < block ? last : start + block;
        for (ptrdiff_t pixel = start; pixel < end; pixel++) {
            narrow_value *to = (narrow_value *)(packed + (pixel - start) * steps);
            narrow_pixel(layer, pixel, to, to + steps * CK_GROUP);
        }
        narrow_block(layer, start, end, packed);
    }
}

static double narrow_peak(ptrdiff_t rounds, float *sink) {
    vec sums[peak_sums];
    ivec weights = (ivec)splat(sink[0]), inputs = (ivec)splat(sink[1]);
    CK_UNROLL for (int i = 0; i < peak_sums; i++) { sums[i] = splat(0); }
    for (ptrdiff_t round = 0; round < rounds; round++) {
        CK_UNROLL for (int i = 0; i < peak_sums; i++) {
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
