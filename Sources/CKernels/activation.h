// The logistic function, and what is done with a tile of a product after it was stored.

// 1/x, to about one unit in the last place. A division holds up multiply-adds far longer.
CK_INLINE vec reciprocal(vec x) {
#if defined(__x86_64__) && CK_WIDTH == 16
    vec guess = (vec)_mm512_rcp14_ps((__m512)x);
    return guess * (splat(2.0f) - x * guess);
#else
    return splat(1.0f) / x;
#endif
}

// 1 / (1 + 2^y), y = −x·log₂e = n + f with |f| ≤ ½: a polynomial in f, fitted for the least relative error (1e−7),
// and n put into the exponent. Beyond ±126 the result is as good as 0 or 1.
CK_INLINE vec logistic(vec x) {
    const float magic = 12582912.0f;
    vec y = lesser_of(greater_of(x * -1.44269504f, splat(-126.0f)), splat(126.0f));
    vec shifted = y + magic;
    vec f = y - (shifted - magic);
    vec p = splat(1.326472731e-3f);
    p = p * f + 9.671512991e-3f;
    p = p * f + 5.550733581e-2f;
    p = p * f + 2.402224243e-1f;
    p = p * f + 6.931470037e-1f;
    p = p * f + 1.0f;
    // Casts between vectors keep the bits.
    ivec exponent = ((ivec)shifted - (ivec)splat(magic)) << 23;
    return reciprocal((vec)((ivec)p + exponent) + 1.0f);
}

// Over `count` channels from `channel` on.
static void finish_tile(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t pixels, ptrdiff_t channel,
    ptrdiff_t count
) {
    for (ptrdiff_t p = pixel; p < pixel + pixels; p++) {
        float *to = layer->output + p * layer->output_stride + channel;
        for (ptrdiff_t c = 0; c < count; c += CK_WIDTH) {
            vec value = load(to + c);
            if (layer->activation == ck_sigmoid) { value = logistic(value); }
            if (layer->factor) {
                value *= load(layer->factor + p * layer->factor_stride + channel + c);
            }
            store(to + c, value);
        }
    }
}
