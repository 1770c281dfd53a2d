// Products of pixels and weights: 1×1 convolutions, fully connected layers, and the rows of the stem.
//
// A tile of outputs (pixels × one panel of two or three vectors) stays in registers while all ranges of
// input channels pass by; each step broadcasts one channel of each pixel.

// The logistic function and the product with another slab, over a tile that has just been stored.
static void finish_tile(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t pixels, ptrdiff_t channel,
    ptrdiff_t vectors
) {
    for (ptrdiff_t p = pixel; p < pixel + pixels; p++) {
        for (ptrdiff_t v = 0; v < vectors; v++) {
            float *place = layer->output + p * layer->output_stride + channel + v * CK_WIDTH;
            vec value = load(place);
            if (layer->activation == ck_sigmoid) { value = logistic(value); }
            if (layer->factor) {
                value *= load(layer->factor + p * layer->factor_stride + channel + v * CK_WIDTH);
            }
            store(place, value);
        }
    }
}

CK_INLINE const float *addend_at(const ck_pointwise *layer, ptrdiff_t pixel) {
    ptrdiff_t index = layer->addend_index ? layer->addend_index[pixel] : pixel;
    return layer->addend + index * layer->addend_stride;
}

CK_INLINE void multiply_range(
    const ck_range *range, ptrdiff_t pixel, const float *weights, int pixels, int vectors,
    vec sums[CK_TILE][3]
) {
    ptrdiff_t stride = range->stride;
    const float *a = range->base + pixel * stride;
    // A base for every third pixel keeps the addresses within the registers.
    const float *b = a + 3 * stride, *c = a + 6 * stride, *d = a + 9 * stride;
    for (ptrdiff_t k = 0; k < range->count; k++) {
        vec w[3];
        CK_UNROLL for (int v = 0; v < vectors; v++) { w[v] = load(weights + v * CK_WIDTH); }
        CK_UNROLL for (int p = 0; p < pixels; p++) {
            const float *base = p < 3 ? a : p < 6 ? b : p < 9 ? c : d;
            vec x = splat(base[(p % 3) * stride + k]);
            CK_UNROLL for (int v = 0; v < vectors; v++) { sums[p][v] += x * w[v]; }
        }
        weights += vectors * CK_WIDTH;
    }
}

CK_INLINE void multiply_tile(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const float *weights, int pixels,
    int vectors
) {
    vec sums[CK_TILE][3];
    CK_UNROLL for (int v = 0; v < vectors; v++) {
        vec start = load(layer->bias + channel + v * CK_WIDTH);
        if (layer->spread) { start += load(layer->spread + channel + v * CK_WIDTH); }
        CK_UNROLL for (int p = 0; p < pixels; p++) { sums[p][v] = start; }
    }
    for (ptrdiff_t r = 0; r < layer->range_count; r++) {
        multiply_range(&layer->ranges[r], pixel, weights, pixels, vectors, sums);
        weights += layer->ranges[r].count * vectors * CK_WIDTH;
    }
    if (layer->addend) {
        CK_UNROLL for (int p = 0; p < pixels; p++) {
            const float *from = addend_at(layer, pixel + p) + channel;
            CK_UNROLL for (int v = 0; v < vectors; v++) { sums[p][v] += load(from + v * CK_WIDTH); }
        }
    }
    vec floor = splat(floor_of(layer->activation));
    float *to = layer->output + pixel * layer->output_stride + channel;
    CK_UNROLL for (int p = 0; p < pixels; p++) {
        CK_UNROLL for (int v = 0; v < vectors; v++) {
            store(to + v * CK_WIDTH, greater_of(floor, sums[p][v]));
        }
        to += layer->output_stride;
    }
    if (layer->activation == ck_sigmoid || layer->factor) {
        finish_tile(layer, pixel, pixels, channel, vectors);
    }
}

typedef void (*tile_function)(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const float *weights);

#define CK_TILE_FUNCTION(pixels, vectors)                                                         \
    static void tile_##pixels##_##vectors(                                                        \
        const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const float *weights       \
    ) {                                                                                           \
        multiply_tile(layer, pixel, channel, weights, pixels, vectors);                           \
    }

#define CK_TILE_FUNCTIONS(vectors)                                                                \
    CK_TILE_FUNCTION(1, vectors) CK_TILE_FUNCTION(2, vectors) CK_TILE_FUNCTION(3, vectors)        \
    CK_TILE_FUNCTION(4, vectors)

CK_TILE_FUNCTIONS(1)
CK_TILE_FUNCTIONS(2)
CK_TILE_FUNCTIONS(3)
CK_TILE_FUNCTION(5, 1)
CK_TILE_FUNCTION(6, 1)
CK_TILE_FUNCTION(5, 2)
CK_TILE_FUNCTION(6, 2)
#if CK_TILE == 12
CK_TILE_FUNCTION(5, 3)
CK_TILE_FUNCTION(6, 3)
CK_TILE_FUNCTION(7, 3)
CK_TILE_FUNCTION(8, 3)
#define CK_WIDE_TILES(vectors)                                                                    \
    CK_TILE_FUNCTION(7, vectors) CK_TILE_FUNCTION(8, vectors) CK_TILE_FUNCTION(9, vectors)        \
    CK_TILE_FUNCTION(10, vectors) CK_TILE_FUNCTION(11, vectors) CK_TILE_FUNCTION(12, vectors)
CK_WIDE_TILES(1)
CK_WIDE_TILES(2)
static const ptrdiff_t largest_tile[4] = {0, 12, 12, 8};
static const tile_function tiles[4][13] = {
    {0},
    {0, tile_1_1, tile_2_1, tile_3_1, tile_4_1, tile_5_1, tile_6_1, tile_7_1, tile_8_1, tile_9_1,
     tile_10_1, tile_11_1, tile_12_1},
    {0, tile_1_2, tile_2_2, tile_3_2, tile_4_2, tile_5_2, tile_6_2, tile_7_2, tile_8_2, tile_9_2,
     tile_10_2, tile_11_2, tile_12_2},
    {0, tile_1_3, tile_2_3, tile_3_3, tile_4_3, tile_5_3, tile_6_3, tile_7_3, tile_8_3},
};
#else
static const ptrdiff_t largest_tile[4] = {0, 6, 6, 4};
static const tile_function tiles[4][7] = {
    {0},
    {0, tile_1_1, tile_2_1, tile_3_1, tile_4_1, tile_5_1, tile_6_1},
    {0, tile_1_2, tile_2_2, tile_3_2, tile_4_2, tile_5_2, tile_6_2},
    {0, tile_1_3, tile_2_3, tile_3_3, tile_4_3},
};
#endif

// Panels outside, tiles inside: a panel of weights stays in the first-level cache.
static void pointwise(const ck_pointwise *layer, ptrdiff_t first, ptrdiff_t last) {
    ptrdiff_t inputs = 0;
    for (ptrdiff_t r = 0; r < layer->range_count; r++) { inputs += layer->ranges[r].count; }
    const float *weights = layer->weights;
    for (ptrdiff_t done = 0; done < layer->vectors;) {
        ptrdiff_t panel = ck_panel(layer->vectors - done);
        ptrdiff_t largest = largest_tile[panel];
        for (ptrdiff_t pixel = first; pixel < last; pixel += largest) {
            ptrdiff_t pixels = last - pixel < largest ? last - pixel : largest;
            tiles[panel][pixels](layer, pixel, done * CK_WIDTH, weights);
        }
        weights += inputs * panel * CK_WIDTH;
        done += panel;
    }
}
