// Products of pixels and weights: 1×1 convolutions, fully connected layers, and the rows of the stem.
//
// A tile of outputs (pixels × one panel of up to three vectors) stays in registers while all ranges of
// input channels pass by; each step broadcasts one channel of each pixel.

// The logistic function and the product with another slab, over a tile that has just been stored.
static void finish_tile(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t pixels, ptrdiff_t channel,
    ptrdiff_t vectors
) {
    // A half vector is finished as a whole one: what follows in its pixel is padding.
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

// The sums of a tile: whole vectors, and half a vector beside them.
typedef struct {
    vec whole[CK_TILE][3];
    half_vec half[CK_TILE];
} tile_sums;

CK_INLINE void multiply_range(
    const ck_range *range, ptrdiff_t pixel, const float *weights, int pixels, int halves,
    tile_sums *sums
) {
    int vectors = halves / 2;
    ptrdiff_t stride = range->stride;
    const float *a = range->base + pixel * stride;
    // A base for every third pixel keeps the addresses within the registers.
    const float *b = a + 3 * stride, *c = a + 6 * stride, *d = a + 9 * stride;
    for (ptrdiff_t k = 0; k < range->count; k++) {
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

CK_INLINE void start_tile(
    const ck_pointwise *layer, ptrdiff_t channel, int pixels, int halves, tile_sums *sums
) {
    int vectors = halves / 2;
    CK_UNROLL for (int v = 0; v < vectors; v++) {
        vec start = load(layer->bias + channel + v * CK_WIDTH);
        if (layer->spread) { start += load(layer->spread + channel + v * CK_WIDTH); }
        CK_UNROLL for (int p = 0; p < pixels; p++) { sums->whole[p][v] = start; }
    }
    if (halves % 2) {
        half_vec start = load_half(layer->bias + channel + vectors * CK_WIDTH);
        if (layer->spread) { start += load_half(layer->spread + channel + vectors * CK_WIDTH); }
        CK_UNROLL for (int p = 0; p < pixels; p++) { sums->half[p] = start; }
    }
}

CK_INLINE void add_to_tile(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, int pixels, int halves,
    tile_sums *sums
) {
    int vectors = halves / 2;
    CK_UNROLL for (int p = 0; p < pixels; p++) {
        const float *from = addend_at(layer, pixel + p) + channel;
        CK_UNROLL for (int v = 0; v < vectors; v++) {
            sums->whole[p][v] += load(from + v * CK_WIDTH);
        }
        if (halves % 2) { sums->half[p] += load_half(from + vectors * CK_WIDTH); }
    }
}

CK_INLINE void store_tile(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, int pixels, int halves,
    const tile_sums *sums
) {
    int vectors = halves / 2;
    vec floor = splat(floor_of(layer->activation));
    float *to = layer->output + pixel * layer->output_stride + channel;
    CK_UNROLL for (int p = 0; p < pixels; p++) {
        CK_UNROLL for (int v = 0; v < vectors; v++) {
            store(to + v * CK_WIDTH, greater_of(floor, sums->whole[p][v]));
        }
        if (halves % 2) {
            store_half(
                to + vectors * CK_WIDTH, greater_half_of(lower_half(floor), sums->half[p]));
        }
        to += layer->output_stride;
    }
}

CK_INLINE void multiply_tile(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const float *weights, int pixels,
    int halves
) {
    tile_sums sums;
    start_tile(layer, channel, pixels, halves, &sums);
    for (ptrdiff_t r = 0; r < layer->range_count; r++) {
        multiply_range(&layer->ranges[r], pixel, weights, pixels, halves, &sums);
        weights += layer->ranges[r].count * halves * (CK_WIDTH / 2);
    }
    if (layer->addend) { add_to_tile(layer, pixel, channel, pixels, halves, &sums); }
    store_tile(layer, pixel, channel, pixels, halves, &sums);
    if (layer->activation == ck_sigmoid || layer->factor) {
        finish_tile(layer, pixel, pixels, channel, (halves + 1) / 2);
    }
}

typedef void (*tile_function)(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const float *weights);

#define CK_TILE_FUNCTION(pixels, halves)                                                          \
    static void tile_##pixels##_##halves(                                                         \
        const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, const float *weights       \
    ) {                                                                                           \
        multiply_tile(layer, pixel, channel, weights, pixels, halves);                            \
    }

#define CK_TILES_TO_4(halves)                                                                     \
    CK_TILE_FUNCTION(1, halves)                                                                   \
    CK_TILE_FUNCTION(2, halves)                                                                   \
    CK_TILE_FUNCTION(3, halves)                                                                   \
    CK_TILE_FUNCTION(4, halves)
#define CK_TILES_TO_6(halves)                                                                     \
    CK_TILES_TO_4(halves)                                                                         \
    CK_TILE_FUNCTION(5, halves)                                                                   \
    CK_TILE_FUNCTION(6, halves)
#define CK_NAMES_TO_4(halves) 0, tile_1_##halves, tile_2_##halves, tile_3_##halves, tile_4_##halves
#define CK_NAMES_TO_6(halves) CK_NAMES_TO_4(halves), tile_5_##halves, tile_6_##halves

// Tiles by the half vectors of their panel and their pixels.
#if CK_TILE == 12
#define CK_TILES_TO_8(halves)                                                                     \
    CK_TILES_TO_6(halves)                                                                         \
    CK_TILE_FUNCTION(7, halves)                                                                   \
    CK_TILE_FUNCTION(8, halves)
#define CK_TILES_TO_12(halves)                                                                    \
    CK_TILES_TO_8(halves)                                                                         \
    CK_TILE_FUNCTION(9, halves)                                                                   \
    CK_TILE_FUNCTION(10, halves)                                                                  \
    CK_TILE_FUNCTION(11, halves)                                                                  \
    CK_TILE_FUNCTION(12, halves)
#define CK_NAMES_TO_8(halves) CK_NAMES_TO_6(halves), tile_7_##halves, tile_8_##halves
#define CK_NAMES_TO_12(halves)                                                                    \
    CK_NAMES_TO_8(halves), tile_9_##halves, tile_10_##halves, tile_11_##halves, tile_12_##halves
CK_TILES_TO_12(1)
CK_TILES_TO_12(2)
CK_TILES_TO_12(3)
CK_TILES_TO_12(4)
CK_TILES_TO_8(6)
static const ptrdiff_t largest_tile[7] = {0, 12, 12, 12, 12, 0, 8};
static const tile_function tiles[7][13] = {
    {0},
    {CK_NAMES_TO_12(1)},
    {CK_NAMES_TO_12(2)},
    {CK_NAMES_TO_12(3)},
    {CK_NAMES_TO_12(4)},
    {0},
    {CK_NAMES_TO_8(6)},
};
#else
CK_TILES_TO_6(2)
CK_TILES_TO_6(4)
CK_TILES_TO_4(6)
static const ptrdiff_t largest_tile[7] = {0, 0, 6, 0, 6, 0, 4};
static const tile_function tiles[7][7] = {
    {0}, {0}, {CK_NAMES_TO_6(2)}, {0}, {CK_NAMES_TO_6(4)}, {0}, {CK_NAMES_TO_4(6)},
};
#endif

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
            tiles[panel][pixels](layer, pixel, done * (CK_WIDTH / 2), weights);
        }
        weights += inputs * panel * (CK_WIDTH / 2);
        done += panel;
    }
}
