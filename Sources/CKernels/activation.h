// The logistic function, and the part of the epilogue that runs after a tile was stored: sigmoid and scale.

// 1/x, to about one unit in the last place. A division would stall the multiply-adds far longer.
CK_INLINE vec reciprocal(vec x) {
#if defined(__x86_64__) && CK_WIDTH == 16
    vec guess = (vec)_mm512_rcp14_ps((__m512)x);
    return guess * (splat(2.0f) - x * guess);
#else
    return splat(1.0f) / x;
#endif
}

// 1 / (1 + 2^y), y = −x·log₂e = n + f with |f| ≤ ½. 2^f is a polynomial with a relative error below 1e−7; n is added to
// the exponent. y is clamped to ±126, where the result rounds to 0 or 1.
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
    // Vector casts preserve the bits.
    ivec exponent = ((ivec)shifted - (ivec)splat(magic)) << 23;
    return reciprocal((vec)((ivec)p + exponent) + 1.0f);
}

// Processes `count` channels, the first of which is `channel`.
static void finish_tile(
    const ck_pointwise *layer, ptrdiff_t pixel, ptrdiff_t pixels, ptrdiff_t channel,
    ptrdiff_t count
) {
    const ck_epilogue *epilogue = &layer->epilogue;
    for (ptrdiff_t p = pixel; p < pixel + pixels; p++) {
        float *to = layer->output + p * layer->output_stride + channel;
        for (ptrdiff_t c = 0; c < count; c += CK_WIDTH) {
            vec value = load(to + c);
            if (epilogue->activation == ck_sigmoid) { value = logistic(value); }
            if (epilogue->scale) {
                value *= load(epilogue->scale + p * epilogue->scale_stride + channel + c);
            }
            store(to + c, value);
        }
    }
}
