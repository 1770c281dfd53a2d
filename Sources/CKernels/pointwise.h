// Products of pixels and weights: 1×1 convolutions, fully connected layers, and the rows of the stem.
//
// A tile of outputs stays in registers while all ranges of input channels pass by; each step broadcasts one
// channel of each pixel, from memory or, with CK_LANES, from a lane of a vector of channels.

#ifdef CK_LANES

// As many channels as a vector has lanes: one load for each pixel serves them all.
CK_INLINE void multiply_lanes(
    const float *from, ptrdiff_t stride, const float *weights, int pixels, int halves,
    tile_sums *sums
) {
    int vectors = halves / 2;
    vec x[CK_TILE];
    CK_UNROLL for (int p = 0; p < pixels; p++) { x[p] = load(from + p * stride); }
    CK_UNROLL for (int lane = 0; lane < CK_WIDTH; lane++) {
        CK_UNROLL for (int v = 0; v < vectors; v++) {
            vec w = load(weights + (lane * vectors + v) * CK_WIDTH);
            CK_UNROLL for (int p = 0; p < pixels; p++) {
                sums->whole[p][v] += splat(x[p][lane]) * w;
            }
        }
    }
}

#endif

CK_INLINE void multiply_range(
    const ck_range *range, ptrdiff_t pixel, const float *weights, int pixels, int halves,
    tile_sums *sums
) {
    int vectors = halves / 2;
    ptrdiff_t stride = range->stride;
    const float *a = range->base + pixel * stride;
    // A base for every third pixel keeps the addresses within the registers.
    const float *b = a + 3 * stride, *c = a + 6 * stride, *d = a + 9 * stride;
    ptrdiff_t k = 0;
#ifdef CK_LANES
    for (; k + CK_WIDTH <= range->count; k += CK_WIDTH) {
        multiply_lanes(a + k, stride, weights, pixels, halves, sums);
        weights += CK_WIDTH * halves * (CK_WIDTH / 2);
    }
#endif
    for (; k < range->count; k++) {
        vec w[3];
        half_vec last = {0};
        CK_UNROLL for (int v = 0; v < vectors; v++) { w[v] = load(weights + v * CK_WIDTH); }
        if (halves % 2) { last = load_half(weights + vectors * CK_WIDTH); }
        CK_UNROLL for (int p = 0; p < pixels; p++) {
            const float *base = p < 3 ? a : p < 6 ? b : p < 9 ? c : d;
            vec x = splat(base[(p % 3) * stride + k]);
            // One broadcast for both widths, not one for each.
            if (halves % 2) { CK_HIDE(x); }
            CK_UNROLL for (int v = 0; v < vectors; v++) { sums->whole[p][v] += x * w[v]; }
            if (halves % 2) { sums->half[p] += lower_half(x) * last; }
        }
        weights += halves * (CK_WIDTH / 2);
    }
}

CK_INLINE void float32_tile(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const void *panel,
    const int32_t *packed, int pixels, int halves
) {
    const float *weights = panel;
    (void)packed;
    tile_sums sums;
    start_tile(layer, channel, pixels, halves, &sums);
    for (ptrdiff_t r = 0; r < layer->range_count; r++) {
        multiply_range(&layer->ranges[r], pixel, weights, pixels, halves, &sums);
        weights += layer->ranges[r].count * halves * (CK_WIDTH / 2);
    }
    end_tile(layer, pixel, channel, pixels, halves, &sums);
}

CK_TILE_TABLE(float32)

// Panels outside, tiles inside: a panel of weights stays in the first-level cache.
static void pointwise(const ck_pointwise *layer, ptrdiff_t first, ptrdiff_t last) {
    ptrdiff_t inputs = 0;
    for (ptrdiff_t r = 0; r < layer->range_count; r++) { inputs += layer->ranges[r].count; }
    const float *weights = layer->weights;
    for (ptrdiff_t done = 0; done < layer->halves;) {
        ptrdiff_t panel = ck_panel(layer->halves - done);
        ptrdiff_t largest = largest_tile[panel];
        for (ptrdiff_t pixel = first; pixel < last; pixel += largest) {
            ptrdiff_t pixels = last - pixel < largest ? last - pixel : largest;
            float32_tiles[panel][pixels](layer, pixel, done * (CK_WIDTH / 2), weights, 0);
        }
        weights += inputs * panel * (CK_WIDTH / 2);
        done += panel;
    }
}
