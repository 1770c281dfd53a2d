// A tile of a product: pixels × one panel of up to three vectors of outputs, kept in registers while the
// input channels pass by; and what is done with it before it is stored.

// The sums of a tile: whole vectors, and half a vector beside them.
typedef struct {
    vec whole[CK_TILE][3];
    half_vec half[CK_TILE];
} tile_sums;

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

CK_INLINE const float *addend_at(const ck_pointwise *layer, ptrdiff_t pixel) {
    ptrdiff_t index = layer->addend_index ? layer->addend_index[pixel] : pixel;
    return layer->addend + index * layer->addend_stride;
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

CK_INLINE void end_tile(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t channel, int pixels, int halves,
    tile_sums *sums
) {
    if (layer->addend) { add_to_tile(layer, pixel, channel, pixels, halves, sums); }
    store_tile(layer, pixel, channel, pixels, halves, sums);
    if (layer->activation == ck_sigmoid || layer->factor) {
        finish_tile(layer, pixel, pixels, channel, (halves + 1) / 2);
    }
}
